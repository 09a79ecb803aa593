package dev.merlon.model.tensor;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;

/**
 * The owner of native tensors: everything created in a scope, and every result computed from a
 * tensor of it, is freed when it closes. Results attach to the scope of the operation's first
 * operand, so a long-lived tensor enters a computation through {@link #constant} or {@link #leaf},
 * which give an alias owned by this scope that shares the long-lived tensor's memory.
 *
 * <p>Not thread-safe: a scope belongs to the thread that works in it. Open scopes and their tensors
 * are counted by {@link NativeMemory}.
 */
public final class Scope implements AutoCloseable {
  private final String owner;
  private final NDManager manager;

  private Scope(String owner, NDManager manager) {
    this.owner = owner;
    this.manager = manager;
    NativeMemory.opened(this);
  }

  /**
   * Opens a scope of its own on the CPU.
   *
   * @param owner who closes it, for the counters
   */
  public static Scope open(String owner) {
    return open(owner, Device.cpu());
  }

  /**
   * Opens a scope of its own on a device.
   *
   * @param owner who closes it, for the counters
   */
  public static Scope open(String owner, Device device) {
    return new Scope(owner, TensorRuntime.newManager(device));
  }

  /**
   * Opens a scope inside this one; it must be closed before this one, and is closed with it at the
   * latest.
   */
  public Scope child(String childOwner) {
    return new Scope(childOwner, manager.newSubManager());
  }

  /** Opens a scope inside the one that owns {@code value}; closed as {@link #child} is. */
  public static Scope within(NDArray value, String owner) {
    return new Scope(owner, value.getManager().newSubManager());
  }

  /** Who closes this scope. */
  public String owner() {
    return owner;
  }

  /** The manager that new tensors of this scope are created with. */
  public NDManager manager() {
    return manager;
  }

  /** An alias of {@code value} in this scope that takes no part in gradients; shares memory. */
  public NDArray constant(NDArray value) {
    return adopt(value.stopGradient());
  }

  /**
   * An alias of {@code value} in this scope that a backward pass collects the gradient of; shares
   * memory.
   */
  public NDArray leaf(NDArray value) {
    NDArray leaf = constant(value);
    leaf.setRequiresGradient(true);
    return leaf;
  }

  /** An alias of {@code value} in this scope through which gradients flow; shares memory. */
  public NDArray view(NDArray value) {
    return adopt(value.reshape(value.getShape()));
  }

  /**
   * Moves a tensor of an inner scope into this one, so that it outlives the inner scope. Returns
   * it.
   */
  public NDArray adopt(NDArray value) {
    value.attach(manager);
    return value;
  }

  /** A tensor from row-major values, converted to {@code type}. */
  public NDArray tensor(double[] values, DataType type, long... shape) {
    return own(manager.create(values, fitting(values.length, shape)), type);
  }

  /** A tensor from row-major values, converted to {@code type}. */
  public NDArray tensor(float[] values, DataType type, long... shape) {
    return own(manager.create(values, fitting(values.length, shape)), type);
  }

  /** A copy of a host tensor on this scope's device, in the host tensor's element type. */
  public NDArray tensor(HostTensor value) {
    return own(manager.create(value.bytes(), value.shape(), value.type()), value.type());
  }

  /** A tensor of labels or indices, {@code int64 [values.length]}. */
  public NDArray labels(int... values) {
    long[] wide = new long[values.length];
    for (int i = 0; i < values.length; i++) {
      wide[i] = values[i];
    }
    return own(manager.create(wide), DataType.INT64);
  }

  // The engine would leave out what is too much.
  private static Shape fitting(int values, long... extents) {
    Shape shape = new Shape(extents);
    if (shape.size() != values) {
      throw new IllegalArgumentException(values + " values do not fill the shape " + shape);
    }
    return shape;
  }

  // What DJL creates from Java values lies in Java's direct memory, which is freed with the array
  // while aliases of it may live on: copy it at once.
  private static NDArray own(NDArray borrowed, DataType type) {
    try (borrowed) {
      return borrowed.getDataType() == type ? borrowed.duplicate() : borrowed.toType(type, true);
    }
  }

  /** Number of live tensors owned by this scope itself, inner scopes not counted. */
  public int liveTensors() {
    // The engine's list holds the tensors of inner managers too.
    return (int)
        manager.getManagedArrays().stream()
            .filter(array -> !array.isReleased() && array.getManager() == manager)
            .count();
  }

  @Override
  public void close() {
    if (NativeMemory.closed(this)) {
      manager.close();
      NativeMemory.forgetClosed();
    }
  }

  /** Whether this scope, or one around it, has been closed. */
  boolean isClosed() {
    return !manager.isOpen();
  }
}
