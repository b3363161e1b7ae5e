"""Models and live signals: LSTM, Isolation Forest, training, registry. The only importer of TensorFlow and sklearn."""
