SELECT partition_name, action, moved FROM maintain_partitions(%(ahead)s, %(keep)s, %(parent)s)
