package dev.merlon.model.onnx.runtime;

import ai.djl.ndarray.types.DataType;
import ai.onnxruntime.NodeInfo;
import ai.onnxruntime.OnnxJavaType;
import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import ai.onnxruntime.OrtSession.SessionOptions;
import ai.onnxruntime.OrtSession.SessionOptions.ExecutionMode;
import ai.onnxruntime.OrtSession.SessionOptions.OptLevel;
import ai.onnxruntime.TensorInfo;
import dev.merlon.config.failure.MerlonException;
import dev.merlon.model.onnx.operator.ModelRefusal;
import java.nio.DoubleBuffer;
import java.nio.FloatBuffer;
import java.util.Arrays;
import java.util.Map;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;

/**
 * A model in ONNX Runtime on the CPU: the independent judge of what a file predicts. Operators run
 * one after the other; parallelism comes from callers, which may run one session concurrently.
 *
 * <p>Owned by whoever opened it, who closes it after its last run and before the process exits: the
 * runtime's environment is freed by a shutdown hook of the JVM, which does not wait for runs.
 * {@link #close} waits for runs in progress.
 */
public final class RuntimeSession implements AutoCloseable {
  private final OrtEnvironment environment;
  private final OrtSession session;
  private final String input;
  private final long[] inputShape;
  private final DataType inputType;
  private final DataType outputType;
  private final int sampleSize;
  private final ReadWriteLock use = new ReentrantReadWriteLock();
  private boolean closed;

  /** How much ONNX Runtime rewrites a graph before it runs it. */
  public enum Optimisation {
    /** The file's own operators. */
    NONE(OptLevel.NO_OPT),
    /** Rewrites that do not depend on the device, such as folding of constants. */
    BASIC(OptLevel.BASIC_OPT),
    /** Also joined operators. */
    EXTENDED(OptLevel.EXTENDED_OPT),
    /** Also other memory layouts; what a deployed session does by default. */
    ALL(OptLevel.ALL_OPT);

    private final OptLevel level;

    Optimisation(OptLevel level) {
      this.level = level;
    }
  }

  private RuntimeSession(
      OrtEnvironment environment, OrtSession session, NodeInfo input, NodeInfo output) {
    this.environment = environment;
    this.session = session;
    this.input = input.getName();
    this.inputShape = ((TensorInfo) input.getInfo()).getShape();
    this.inputType = type(input);
    this.outputType = type(output);
    this.sampleSize =
        Math.toIntExact(Arrays.stream(inputShape).skip(1).reduce(1, Math::multiplyExact));
  }

  /** Opens a model with every optimisation. See {@link #open(byte[], int, Optimisation)}. */
  public static RuntimeSession open(byte[] model, int threads) {
    return open(model, threads, Optimisation.ALL);
  }

  /**
   * Opens a model.
   *
   * @param model the file's bytes
   * @param threads within one operator; 1 where several callers run the session
   * @throws MerlonException (model format) when the runtime refuses the model or its input is not
   *     one batch in float32 or float64; (device) when the runtime's native library cannot be
   *     loaded
   */
  public static RuntimeSession open(byte[] model, int threads, Optimisation optimisation) {
    OrtEnvironment environment = RuntimeEnvironment.get();
    try (SessionOptions options = new SessionOptions()) {
      options.setIntraOpNumThreads(threads);
      options.setInterOpNumThreads(1);
      options.setExecutionMode(ExecutionMode.SEQUENTIAL);
      options.setOptimizationLevel(optimisation.level);
      options.setDeterministicCompute(true);
      // Patterns would be kept for every batch size seen.
      options.setMemoryPatternOptimization(false);
      return over(environment, environment.createSession(model, options));
    } catch (OrtException e) {
      throw refused("ONNX Runtime does not take the model", e);
    }
  }

  /** Element type of the input, float32 or float64. */
  public DataType inputType() {
    return inputType;
  }

  /** Element type of the output, float32 or float64. */
  public DataType outputType() {
    return outputType;
  }

  /**
   * The file's outputs for a batch. A model with a fixed batch is run as often as needed; several
   * threads may call this at once.
   *
   * @param batch {@code n} samples, row-major; exact for a float64 model
   * @return {@code [n][K]}, exactly what the runtime returned
   * @throws MerlonException (model format) when the runtime fails on the model
   */
  public double[][] outputs(float[] batch, int n) {
    return outputs(widened(batch), n);
  }

  /**
   * The file's outputs for a batch in float64, as {@link #outputs(float[], int)}.
   *
   * @param batch rounded to float32 for a float32 model
   */
  public double[][] outputs(double[] batch, int n) {
    if (n < 1 || batch.length != Math.multiplyExact(n, sampleSize)) {
      throw new IllegalArgumentException(
          n + " samples of " + sampleSize + " values were expected, not " + batch.length);
    }
    use.readLock().lock();
    try {
      if (closed) {
        throw new IllegalStateException("the session is closed");
      }
      int step = inputShape[0] > 0 ? Math.toIntExact(inputShape[0]) : n;
      long[] shape = inputShape.clone();
      shape[0] = step;
      double[][] outputs = new double[n][];
      for (int start = 0; start < n; start += step) {
        int taken = Math.min(step, n - start);
        // The last run of a fixed batch above 1 is filled up with zeros, whose outputs are dropped.
        double[] part = Arrays.copyOfRange(batch, start * sampleSize, (start + step) * sampleSize);
        try (OnnxTensor tensor = tensor(part, shape)) {
          System.arraycopy(run(tensor, step), 0, outputs, start, taken);
        }
      }
      return outputs;
    } catch (OrtException e) {
      throw refused("ONNX Runtime failed on the model", e);
    } finally {
      use.readLock().unlock();
    }
  }

  /** Frees the session once no run is in progress. */
  @Override
  public void close() {
    use.writeLock().lock();
    try {
      if (!closed) {
        closed = true;
        session.close();
      }
    } catch (OrtException e) {
      throw refused("ONNX Runtime could not close the model", e);
    } finally {
      use.writeLock().unlock();
    }
  }

  private double[][] run(OnnxTensor samples, int n) throws OrtException {
    try (OrtSession.Result result = session.run(Map.of(input, samples))) {
      double[] flat = values((OnnxTensor) result.get(0));
      int classes = flat.length / n;
      double[][] rows = new double[n][];
      for (int row = 0; row < n; row++) {
        rows[row] = Arrays.copyOfRange(flat, row * classes, (row + 1) * classes);
      }
      return rows;
    }
  }

  private OnnxTensor tensor(double[] samples, long... shape) throws OrtException {
    return inputType == DataType.FLOAT64
        ? OnnxTensor.createTensor(environment, DoubleBuffer.wrap(samples), shape)
        : OnnxTensor.createTensor(environment, FloatBuffer.wrap(narrowed(samples)), shape);
  }

  private static double[] values(OnnxTensor tensor) {
    return tensor.getInfo().type == OnnxJavaType.DOUBLE
        ? tensor.getDoubleBuffer().array()
        : widened(tensor.getFloatBuffer().array());
  }

  private static double[] widened(float... values) {
    double[] wide = new double[values.length];
    Arrays.setAll(wide, i -> values[i]);
    return wide;
  }

  private static float[] narrowed(double... values) {
    float[] narrow = new float[values.length];
    for (int i = 0; i < values.length; i++) {
      narrow[i] = (float) values[i];
    }
    return narrow;
  }

  private static RuntimeSession over(OrtEnvironment environment, OrtSession session)
      throws OrtException {
    boolean kept = false;
    try {
      NodeInfo input = session.getInputInfo().values().iterator().next();
      NodeInfo output = session.getOutputInfo().values().iterator().next();
      boolean fits =
          session.getNumInputs() == 1
              && session.getNumOutputs() == 1
              && input.getInfo() instanceof TensorInfo in
              && isBatch(in)
              && Arrays.stream(in.getShape()).skip(1).allMatch(extent -> extent > 0)
              && output.getInfo() instanceof TensorInfo out
              && isBatch(out);
      if (!fits) {
        throw ModelRefusal.refused(
            "The model does not take one batch of samples of a fixed shape and give one batch of"
                + " logits, in float32 or float64.");
      }
      RuntimeSession opened = new RuntimeSession(environment, session, input, output);
      kept = true;
      return opened;
    } finally {
      if (!kept) {
        session.close();
      }
    }
  }

  private static DataType type(NodeInfo value) {
    return ((TensorInfo) value.getInfo()).type == OnnxJavaType.DOUBLE
        ? DataType.FLOAT64
        : DataType.FLOAT32;
  }

  private static boolean isBatch(TensorInfo info) {
    boolean real = info.type == OnnxJavaType.FLOAT || info.type == OnnxJavaType.DOUBLE;
    return real && info.getShape().length >= 2;
  }

  /** The runtime's message in one line, without the place in its own source. */
  private static MerlonException refused(String what, OrtException e) {
    String said = String.valueOf(e.getMessage()).replaceAll("\\s+", " ");
    String line = said.replaceFirst("message: /\\S+:\\d+ .*\\) ", "message: ");
    return ModelRefusal.refused(what + ": " + line, e);
  }
}
