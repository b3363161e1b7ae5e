SELECT beat(%(owner)s, %(epoch)s)
