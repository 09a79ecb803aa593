package dev.merlon.model.verify.runtime;

import ai.djl.ndarray.types.DataType;
import dev.merlon.model.onnx.ImportedModel;
import dev.merlon.model.onnx.operator.Ending;
import dev.merlon.model.onnx.runtime.RuntimeSession;
import java.util.Arrays;

/** A model file in ONNX Runtime. Owns its sessions. */
public final class RuntimePredictor implements Predictor {
  private final ImportedModel model;
  private final Ending ending;
  private final RuntimeSession session;
  private final RuntimeSession inner;

  private RuntimePredictor(
      ImportedModel model, Ending ending, RuntimeSession session, RuntimeSession inner) {
    this.model = model;
    this.ending = ending;
    this.session = session;
    this.inner = inner;
  }

  /**
   * Opens the file's own bytes, and where they end in a softmax, what comes before it.
   *
   * @param threads threads of one operator, at least 1
   */
  public static RuntimePredictor open(ImportedModel model, int threads) {
    Ending ending = model.ending();
    RuntimeSession session = RuntimeSession.open(model.file(), threads);
    if (ending == Ending.LOGITS) {
      return new RuntimePredictor(model, ending, session, session);
    }
    try {
      RuntimeSession inner = RuntimeSession.open(model.logitsFile(), threads);
      return new RuntimePredictor(model, ending, session, inner);
    } catch (RuntimeException | Error failed) {
      session.close();
      throw failed;
    }
  }

  @Override
  public double[][] outputs(float[] inputs, int count) {
    return model.fromRuntime(session.outputs(model.forRuntime(inputs), count));
  }

  @Override
  public double[][] logits(float[] inputs, int count) {
    return model.fromRuntime(inner.outputs(model.forRuntime(inputs), count));
  }

  @Override
  public Ending ending() {
    return ending;
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
    inner.close();
    session.close();
  }
}
