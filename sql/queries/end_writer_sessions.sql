SELECT end_writer_sessions(%(owner)s)
