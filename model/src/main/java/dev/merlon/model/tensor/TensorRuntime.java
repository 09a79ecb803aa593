package dev.merlon.model.tensor;

import ai.djl.Device;
import ai.djl.engine.Engine;
import ai.djl.ndarray.NDManager;
import ai.djl.pytorch.jni.JniUtils;
import dev.merlon.config.failure.MerlonException;
import dev.merlon.model.natives.NativeFailure;
import dev.merlon.model.natives.NativeFolder;
import java.io.IOException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The process's PyTorch engine: loads it once, sets its thread counts and says what it is.
 * Thread-safe.
 *
 * <p>The engine's thread count is a property of the process, so that the last call of {@link
 * #useThreads} wins; a run sets it once, before its first tensor, because on the CPU the number of
 * threads is part of what makes results equal in every bit.
 */
public final class TensorRuntime {
  private static volatile @Nullable Engine loaded;
  private static @Nullable Engine beingChecked;
  private static volatile Optional<String> remark = Optional.empty();

  private TensorRuntime() {}

  /**
   * Loads the engine if it is not loaded yet. @throws MerlonException (device) when its native
   * library cannot be loaded
   */
  public static void start() {
    engine();
  }

  /**
   * Sets the number of threads of one native operation.
   *
   * @param threads at least 1
   */
  public static void useThreads(int threads) {
    engine();
    JniUtils.setNumThreads(threads);
  }

  /** Threads that one native operation uses at the moment. */
  public static int threads() {
    engine();
    return JniUtils.getNumThreads();
  }

  /** Name and version of the engine, for example {@code PyTorch 2.7.1}. */
  public static String version() {
    Engine engine = engine();
    return engine.getEngineName() + " " + engine.getVersion();
  }

  /** Number of CUDA devices the engine sees; 0 on a CPU-only installation. */
  public static int gpuCount() {
    return engine().getGpuCount();
  }

  /** What of the engine is not used on this machine, and why; empty on nearly every machine. */
  public static Optional<String> remark() {
    engine();
    return remark;
  }

  static NDManager newManager(Device device) {
    return engine().newBaseManager(device);
  }

  private static Engine engine() {
    return Optional.ofNullable(loaded).orElseGet(TensorRuntime::load);
  }

  // Other threads wait until the engine has been checked; the check itself comes back here.
  private static synchronized Engine load() {
    Optional<Engine> known =
        Optional.ofNullable(loaded).or(() -> Optional.ofNullable(beingChecked));
    if (known.isPresent()) {
      return known.get();
    }
    try {
      Engine engine = NativeFolder.loadingEngine(() -> Engine.getEngine("PyTorch"));
      beingChecked = engine;
      remark = ConvolutionLibraries.settle();
      loaded = engine;
      return engine;
    } catch (MerlonException refused) {
      throw refused;
    } catch (RuntimeException | LinkageError | IOException e) {
      throw NativeFailure.of("The PyTorch engine could not be loaded", e);
    } finally {
      beingChecked = null;
    }
  }
}
