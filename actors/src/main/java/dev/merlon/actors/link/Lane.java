package dev.merlon.actors.link;

import java.io.IOException;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;

/**
 * A socket of a link that nobody has to wait for: a thread reads and hands over what comes, another
 * writes what was put in. Both end when either side is gone, and that is said once. Thread-safe.
 */
final class Lane implements AutoCloseable {
  private static final int WAITING = 256;
  private static final long LOOK_MILLIS = 5;

  private final FrameSocket socket;
  private final BlockingQueue<LinkFrame> out = new ArrayBlockingQueue<>(WAITING);
  private final AtomicInteger unsent = new AtomicInteger();
  private final Consumer<LinkFrame> received;
  private final Consumer<Optional<IOException>> gone;
  private final Thread reader;
  private final Thread writer;
  private volatile boolean closed;

  /**
   * One over a socket, which it owns.
   *
   * @param name of its threads
   * @param received told every frame in order by one thread, which reads on when it returns
   * @param gone told once, after the last frame, when nothing more will come: what broke, or
   *     nothing where the other side closed it between two frames
   */
  Lane(
      String name,
      FrameSocket socket,
      Consumer<LinkFrame> received,
      Consumer<Optional<IOException>> gone) {
    this.socket = socket;
    this.received = received;
    this.gone = gone;
    this.reader = daemon(name + "-reader", this::read);
    this.writer = daemon(name + "-writer", this::write);
  }

  /** Begins to read and to write. */
  void start() {
    reader.start();
    writer.start();
  }

  private static Thread daemon(String name, Runnable work) {
    Thread thread = new Thread(work, name);
    thread.setDaemon(true);
    return thread;
  }

  /**
   * Has a frame sent after those before it, without waiting.
   *
   * @return whether there was room, or nothing can be sent any more; where there is none, the other
   *     side has not read for long
   */
  boolean offer(LinkFrame frame) {
    return closed || enqueue(frame);
  }

  private boolean enqueue(LinkFrame frame) {
    unsent.incrementAndGet();
    boolean taken = out.offer(frame);
    if (!taken) {
      unsent.decrementAndGet();
    }
    return taken;
  }

  /**
   * Has a frame sent after those before it, and waits for room.
   *
   * @return whether it will be sent; not when the other side is gone
   * @throws InterruptedException when interrupted
   */
  boolean put(LinkFrame frame) throws InterruptedException {
    while (!closed) {
      if (enqueue(frame)) {
        return true;
      }
      Thread.sleep(LOOK_MILLIS);
    }
    return false;
  }

  /**
   * Waits until everything is sent, or the other side is gone.
   *
   * @throws InterruptedException when interrupted
   */
  void flush() throws InterruptedException {
    while (!closed && unsent.get() > 0) {
      Thread.sleep(1);
    }
  }

  private void read() {
    Optional<IOException> end = Optional.empty();
    try {
      Optional<LinkFrame> frame = socket.receive();
      while (frame.isPresent()) {
        received.accept(frame.get());
        frame = socket.receive();
      }
    } catch (IOException lost) {
      end = Optional.of(lost);
    } finally {
      close();
      gone.accept(end);
    }
  }

  private void write() {
    try {
      while (true) {
        socket.send(out.take());
        unsent.decrementAndGet();
      }
    } catch (IOException | InterruptedException lost) {
      // The reader notices, and says so.
      close();
    }
  }

  @Override
  public void close() {
    closed = true;
    writer.interrupt();
    try {
      socket.close();
    } catch (IOException alreadyGone) {
      // Nothing is left to close.
    }
  }
}
