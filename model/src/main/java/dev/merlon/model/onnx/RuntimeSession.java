package dev.merlon.model.onnx;

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
import dev.merlon.config.MerlonException;
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
  private final boolean wide;
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
      OrtEnvironment environment, OrtSession session, String input, TensorInfo info) {
    this.environment = environment;
    this.session = session;
    this.input = input;
    this.inputShape = info.getShape();
    this.wide = info.type == OnnxJavaType.DOUBLE;
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

  /** Number of values of one sample. */
  public int sampleSize() {
    return sampleSize;
  }

  /**
   * Logits of a batch. A model with a fixed batch is run as often as needed; several threads may
   * call this at once.
   *
   * @param batch {@code n} samples, row-major
   * @return {@code [n][K]}; of a float64 model, rounded
   * @throws MerlonException (model format) when the runtime fails on the model
   */
  public float[][] logits(float[] batch, int n) {
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
      float[][] logits = new float[n][];
      for (int start = 0; start < n; start += step) {
        int taken = Math.min(step, n - start);
        // The last run of a fixed batch above 1 is filled up with zeros, whose logits are dropped.
        float[] part = Arrays.copyOfRange(batch, start * sampleSize, (start + step) * sampleSize);
        System.arraycopy(run(part, step), 0, logits, start, taken);
      }
      return logits;
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

  private float[][] run(float[] samples, int n) throws OrtException {
    long[] shape = inputShape.clone();
    shape[0] = n;
    try (OnnxTensor tensor = tensor(samples, shape);
        OrtSession.Result result = session.run(Map.of(input, tensor))) {
      float[] flat = floats((OnnxTensor) result.get(0));
      int classes = flat.length / n;
      float[][] rows = new float[n][];
      for (int row = 0; row < n; row++) {
        rows[row] = Arrays.copyOfRange(flat, row * classes, (row + 1) * classes);
      }
      return rows;
    }
  }

  private OnnxTensor tensor(float[] samples, long... shape) throws OrtException {
    if (!wide) {
      return OnnxTensor.createTensor(environment, FloatBuffer.wrap(samples), shape);
    }
    double[] widened = new double[samples.length];
    Arrays.setAll(widened, i -> samples[i]);
    return OnnxTensor.createTensor(environment, DoubleBuffer.wrap(widened), shape);
  }

  private static float[] floats(OnnxTensor tensor) {
    if (tensor.getInfo().type != OnnxJavaType.DOUBLE) {
      return tensor.getFloatBuffer().array();
    }
    double[] exact = tensor.getDoubleBuffer().array();
    float[] rounded = new float[exact.length];
    for (int i = 0; i < exact.length; i++) {
      rounded[i] = (float) exact[i];
    }
    return rounded;
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
        throw OnnxFormat.refused(
            "The model does not take one batch of samples of a fixed shape and give one batch of"
                + " logits, in float32 or float64.");
      }
      RuntimeSession opened =
          new RuntimeSession(environment, session, input.getName(), (TensorInfo) input.getInfo());
      kept = true;
      return opened;
    } finally {
      if (!kept) {
        session.close();
      }
    }
  }

  private static boolean isBatch(TensorInfo info) {
    boolean real = info.type == OnnxJavaType.FLOAT || info.type == OnnxJavaType.DOUBLE;
    return real && info.getShape().length >= 2;
  }

  /** The runtime's message in one line, without the place in its own source. */
  private static MerlonException refused(String what, OrtException e) {
    String said = String.valueOf(e.getMessage()).replaceAll("\\s+", " ");
    String line = said.replaceFirst("message: /\\S+:\\d+ .*\\) ", "message: ");
    return OnnxFormat.refused(what + ": " + line, e);
  }
}
