package dev.merlon.model.verify;

/** What the model file itself answers: in production ONNX Runtime on the original bytes. */
public interface Predictor extends AutoCloseable {

  /**
   * Logits of a batch.
   *
   * @param inputs {@code count} inputs one after another, each flat {@code [C,H,W]}
   * @param count number of inputs, at least 1
   * @return {@code [count][K]}
   */
  float[][] logits(float[] inputs, int count);

  @Override
  void close();
}
