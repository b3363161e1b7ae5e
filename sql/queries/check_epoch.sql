SELECT check_epoch(%(owner)s, %(epoch)s)
