"""The one door to TensorFlow: imported when a neural model is used, quiet, on the CPU, deterministic."""

import os
from functools import cache
from typing import Any


@cache
def import_tensorflow() -> tuple[Any, Any]:
    """Return the modules (tensorflow, keras), set up once per process."""
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    # Kernels that pick their order of sums by CPU would make the same training differ more between machines.
    os.environ.setdefault("TF_ENABLE_ONEDNN_OPTS", "0")
    os.environ["KERAS_BACKEND"] = "tensorflow"
    import keras
    import tensorflow

    tensorflow.config.set_visible_devices([], "GPU")
    tensorflow.config.experimental.enable_op_determinism()
    return tensorflow, keras
