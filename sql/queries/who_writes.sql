SELECT holder, epoch, since, beat_at, silent FROM who_writes(%(owner)s)
