package dev.merlon.model.verify.runtime;

import ai.djl.ndarray.types.DataType;
import dev.merlon.model.onnx.operator.Ending;

/** What the model file itself answers: in production ONNX Runtime on the original bytes. */
public interface Predictor extends AutoCloseable {

  /**
   * Outputs of a batch, as the file has them.
   *
   * @param inputs {@code count} inputs one after another, each flat {@code [C,H,W]}
   * @param count number of inputs, at least 1
   * @return {@code [count][K]}, not rounded
   */
  double[][] outputs(float[] inputs, int count);

  /**
   * Logits of a batch: the operand of a softmax at the file's end, otherwise the outputs.
   *
   * @param inputs as for {@link #outputs}
   * @return {@code [count][K]}, not rounded
   */
  double[][] logits(float[] inputs, int count);

  /** How outputs follow from logits. */
  Ending ending();

  /**
   * What the file gives for exactly these numbers, to which nothing is done before.
   *
   * @param inputs {@code count} inputs of the file's graph, numbers of {@link #inputType}
   * @return {@code [count][K]}, not rounded
   */
  double[][] replay(double[] inputs, int count);

  /** Element type of the file's input, float32 or float64. */
  DataType inputType();

  /** Element type of the file's output, float32 or float64. */
  DataType outputType();

  @Override
  void close();
}
