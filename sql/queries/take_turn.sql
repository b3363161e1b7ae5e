SELECT take_turn(%(owner)s, %(holder)s)
