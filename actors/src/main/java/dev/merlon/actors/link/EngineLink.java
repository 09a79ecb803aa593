package dev.merlon.actors.link;

import dev.merlon.model.tensor.NativeMemory;
import dev.merlon.proto.Envelope;
import dev.merlon.proto.Hello;
import dev.merlon.proto.Ping;
import dev.merlon.proto.Pong;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadInfo;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A child's end of its link. Signs of life are given by a thread of their own, so that work that
 * takes long is not taken for a process that hangs. Thread-safe.
 */
public final class EngineLink implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(EngineLink.class);
  private static final long NOT_BUSY = 0;

  private final AtomicLong busySince = new AtomicLong(NOT_BUSY);
  private final AtomicLong progress = new AtomicLong();
  private final Lane control;
  private final Lane bulk;
  private final Orders orders;
  private volatile boolean closing;

  /** What a parent wants, told by threads of the link that go on when it returns. */
  public interface Orders {
    /** An order, or more about one; those that come while it works wait. */
    void order(LinkFrame frame);

    /**
     * Work should end in order; overtakes orders.
     *
     * @param order which; one that is not here yet is to end as soon as it comes
     * @param process whether the process should end, and with it all work
     */
    void stop(long order, boolean process);

    /** The parent is gone. */
    void orphaned();
  }

  private EngineLink(FrameSocket control, FrameSocket bulk, Orders orders) {
    this.orders = orders;
    this.control = new Lane("merlon-control", control, this::control, end -> parentGone());
    this.bulk = new Lane("merlon-bulk", bulk, orders::order, end -> {});
  }

  /**
   * Connects to the parent.
   *
   * @param socket where it listens
   * @param secret what it told only this process
   * @param mostTensorBytes what the tensors of one of its frames may have together
   * @throws IOException when it does not listen
   */
  public static EngineLink connect(Path socket, String secret, long mostTensorBytes, Orders orders)
      throws IOException {
    FrameSocket control = LinkSocket.connect(socket, secret, Hello.Lane.CONTROL, mostTensorBytes);
    FrameSocket bulk;
    try {
      bulk = LinkSocket.connect(socket, secret, Hello.Lane.BULK, mostTensorBytes);
    } catch (IOException | RuntimeException failed) {
      control.close();
      throw failed;
    }
    EngineLink link = new EngineLink(control, bulk, orders);
    link.control.start();
    link.bulk.start();
    return link;
  }

  /**
   * Sends a frame about an order, and waits while the parent does not read.
   *
   * @return whether the parent is there
   * @throws InterruptedException when interrupted
   */
  public boolean send(LinkFrame frame) throws InterruptedException {
    return bulk.put(frame);
  }

  /** Work begins or comes on, which signs of life tell. */
  public void working() {
    busySince.compareAndSet(NOT_BUSY, System.nanoTime());
    progress.incrementAndGet();
  }

  /** Nothing is worked on any more. */
  public void resting() {
    busySince.set(NOT_BUSY);
  }

  private void parentGone() {
    if (!closing) {
      orders.orphaned();
    }
  }

  private void control(LinkFrame frame) {
    Envelope envelope = frame.envelope();
    switch (envelope.getBodyCase()) {
      case PING -> pong(envelope.getPing());
      case STOP -> orders.stop(envelope.getOrder(), envelope.getStop().getProcess());
      case DUMP -> dump();
      default -> orders.order(frame);
    }
  }

  private void pong(Ping ping) {
    long since = busySince.get();
    long busy = since == NOT_BUSY ? 0 : Math.max(1, (System.nanoTime() - since) / 1_000_000);
    Pong pong =
        Pong.newBuilder()
            .setNumber(ping.getNumber())
            .setBusyMillis(busy)
            .setProgress(progress.get())
            .setResidentBytes(NativeMemory.residentBytes().orElse(0))
            .build();
    // Where there is no room, the parent does not read, and misses nothing.
    boolean unused = control.offer(LinkFrame.of(Envelope.newBuilder().setPong(pong).build()));
  }

  private static void dump() {
    StringBuilder threads = new StringBuilder();
    for (ThreadInfo thread : ManagementFactory.getThreadMXBean().dumpAllThreads(true, true)) {
      threads.append(thread);
    }
    LOG.info("Threads:\n{}", threads);
  }

  /** Sends what waits, and closes the link. */
  @Override
  public void close() {
    try {
      bulk.flush();
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    }
    closing = true;
    bulk.close();
    control.close();
  }
}
