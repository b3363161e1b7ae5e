SELECT topic, partition, next_offset FROM offsets
WHERE consumer_group = %(group)s AND broker = %(broker)s AND topic = ANY(%(topics)s)
