package dev.merlon.model.verify;

import ai.djl.ndarray.types.DataType;
import dev.merlon.model.onnx.ImportedModel;
import dev.merlon.model.onnx.RuntimeSession;
import java.util.Arrays;

/** A model file in ONNX Runtime. Owns its session. */
public final class RuntimePredictor implements Predictor {
  private final ImportedModel model;
  private final RuntimeSession session;

  private RuntimePredictor(ImportedModel model, RuntimeSession session) {
    this.model = model;
    this.session = session;
  }

  /**
   * Opens the file's own bytes.
   *
   * @param threads threads of one operator, at least 1
   */
  public static RuntimePredictor open(ImportedModel model, int threads) {
    return new RuntimePredictor(model, RuntimeSession.open(model.file(), threads));
  }

  @Override
  public double[][] outputs(float[] inputs, int count) {
    return model.fromRuntime(session.outputs(model.forRuntime(inputs), count));
  }

  @Override
  public double[][] replay(double[] inputs, int count) {
    return session.outputs(inputs, count);
  }

  @Override
  public DataType inputType() {
    return session.inputType();
  }

  @Override
  public DataType outputType() {
    return session.outputType();
  }

  /**
   * The class of each input: that of its largest logit, the first of several equal ones.
   *
   * @param inputs as for {@link #logits}
   */
  public int[] classes(float[] inputs, int count) {
    return Arrays.stream(logits(inputs, count)).mapToInt(Logits::best).toArray();
  }

  @Override
  public void close() {
    session.close();
  }
}
