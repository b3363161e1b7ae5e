"""Events on Kafka: types, topics, producer and consumer, dead letters. The only importer of confluent_kafka."""
