SELECT raise_epoch(%(owner)s, %(holder)s)
