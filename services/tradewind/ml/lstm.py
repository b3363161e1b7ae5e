"""The LSTM: three layers with dropout that predict the log return over the horizon."""

from collections.abc import Callable
from typing import Any, Final

import numpy as np

from tradewind.ml.backend import import_tensorflow
from tradewind.ml.dataset import Samples, Scaler
from tradewind.signals.lstm_parameters import LstmParameters
from tradewind.signals.rule import Floats

DEFINITION: Final = 1
"""Raised whenever training changes, so that models of other code are not taken for this one's."""
_BATCH: Final = 64
_LEARNING_RATE: Final = 0.001
_FIRST_JUDGED_EPOCH: Final = 3
"""Early stopping compares epochs from here on: before, a network may do well by having learned nothing."""
_PATIENCE: Final = 4

OnEpoch = Callable[[int, int, float, float], None]
"""on_epoch(epoch, epochs, loss, validation loss), counted from 1."""


def train_network(
    training: Samples, validation: Samples, scaler: Scaler, parameters: LstmParameters, on_epoch: OnEpoch
) -> Any:
    """Train a Keras network; the epoch with the least validation error wins.

    Equal samples and parameters give equal weights on the same kind of CPU.
    """
    _, keras = import_tensorflow()
    keras.utils.set_random_seed(parameters.seed)
    network = _network(keras, parameters, training.windows.shape[-1])
    network.compile(optimizer=keras.optimizers.Adam(_LEARNING_RATE), loss="mse", jit_compile=False)
    network.fit(
        scaler.scale(training.windows),
        (training.returns / scaler.return_deviation).astype(np.float32),
        validation_data=(
            scaler.scale(validation.windows),
            (validation.returns / scaler.return_deviation).astype(np.float32),
        ),
        epochs=parameters.epochs,
        batch_size=_BATCH,
        verbose=0,
        callbacks=[
            keras.callbacks.EarlyStopping(
                patience=_PATIENCE,
                start_from_epoch=min(_FIRST_JUDGED_EPOCH, parameters.epochs) - 1,
                restore_best_weights=True,
            ),
            keras.callbacks.LambdaCallback(
                on_epoch_end=lambda epoch, logs: on_epoch(epoch + 1, parameters.epochs, logs["loss"], logs["val_loss"])
            ),
        ],
    )
    return network


def _network(keras: Any, parameters: LstmParameters, features: int) -> Any:
    layers = keras.layers
    units = parameters.units
    return keras.Sequential(
        [
            keras.Input((parameters.lookback, features)),
            layers.LSTM(units, return_sequences=True),
            layers.Dropout(parameters.dropout),
            layers.LSTM(units // 2, return_sequences=True),
            layers.Dropout(parameters.dropout),
            layers.LSTM(units // 4),
            layers.Dropout(parameters.dropout),
            layers.Dense(1),
        ]
    )


class Predictor:
    """A trained network with its scaler.

    Every prediction goes through one compiled function of one shape, `rows` windows at a time: a backtest and the
    live service get the same bits for the same window in the same row.
    """

    def __init__(self, network: Any, scaler: Scaler, rows: int) -> None:
        tensorflow, _ = import_tensorflow()
        self._scaler = scaler
        self._shape = (rows, *network.input_shape[1:])
        signature = [tensorflow.TensorSpec(self._shape, tensorflow.float32)]
        self._function = tensorflow.function(
            lambda windows: network(windows, training=False), input_signature=signature, jit_compile=True
        )
        self._constant = tensorflow.constant
        self.predict(np.zeros(self._shape))

    def predict(self, windows: Floats) -> Floats:
        """Return the expected log returns, shape (rows,), of windows of shape (rows, lookback, features)."""
        scaled = self._constant(self._scaler.scale(windows))
        predicted = self._function(scaled).numpy()[:, 0].astype(np.float64)
        result: Floats = predicted * self._scaler.return_deviation
        return result

    def predict_many(self, windows: Floats) -> Floats:
        """Return the expected log returns, shape (n,), of any number of windows, in blocks of `rows`."""
        rows = self._shape[0]
        padded = np.zeros((-(-len(windows) // rows) * rows, *self._shape[1:]))
        padded[: len(windows)] = windows
        blocks = [self.predict(padded[start : start + rows]) for start in range(0, len(padded), rows)]
        return np.concatenate(blocks)[: len(windows)] if blocks else np.empty(0)
