"""Where to read on after a batch."""

from tradewind.bus.consumer import Message, next_positions


def test_the_next_position_is_after_the_last_message_of_each_partition() -> None:
    messages = [Message("a", 0, 4, None, b""), Message("a", 1, 9, None, b""), Message("a", 0, 5, None, b"")]
    assert next_positions(messages) == {("a", 0): 6, ("a", 1): 10}
    assert next_positions([]) == {}
