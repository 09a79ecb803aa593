package dev.merlon.model.data.fetch;

import java.io.IOException;
import java.net.http.HttpTimeoutException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Flow;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/**
 * The body of an HTTP response as something to wait for, with a limit on each wait: the client's
 * own streams wait for ever. One piece is asked for at a time, so that a slow disk slows the
 * sender.
 */
final class BodyQueue implements Flow.Subscriber<List<ByteBuffer>>, AutoCloseable {
  private sealed interface Signal {}

  private record Subscribed(Flow.Subscription subscription) implements Signal {}

  private record Piece(List<ByteBuffer> bytes) implements Signal {}

  private record Ended(Optional<Throwable> problem) implements Signal {}

  private final Duration silence;
  private final BlockingQueue<Signal> signals = new LinkedBlockingQueue<>();
  private Optional<Flow.Subscription> subscription = Optional.empty();

  /**
   * @param silence the longest wait for one piece
   */
  BodyQueue(Duration silence) {
    this.silence = silence;
  }

  @Override
  public void onSubscribe(Flow.Subscription given) {
    signals.add(new Subscribed(given));
  }

  @Override
  public void onNext(List<ByteBuffer> bytes) {
    signals.add(new Piece(bytes));
  }

  @Override
  public void onError(Throwable problem) {
    signals.add(new Ended(Optional.of(problem)));
  }

  @Override
  public void onComplete() {
    signals.add(new Ended(Optional.empty()));
  }

  /**
   * Waits for the next piece, in the one thread that uses this.
   *
   * @return its bytes; empty at the end
   */
  List<ByteBuffer> next() throws IOException, InterruptedException {
    subscription.ifPresent(open -> open.request(1));
    while (true) {
      Signal signal = take();
      if (signal instanceof Piece piece) {
        if (piece.bytes().stream().anyMatch(ByteBuffer::hasRemaining)) {
          return piece.bytes();
        }
        subscription.ifPresent(open -> open.request(1));
      }
      if (signal instanceof Subscribed subscribed) {
        subscription = Optional.of(subscribed.subscription());
        subscribed.subscription().request(1);
      }
      if (signal instanceof Ended ended) {
        subscription = Optional.empty();
        if (ended.problem().isPresent()) {
          throw new IOException("the connection broke", ended.problem().get());
        }
        return List.of();
      }
    }
  }

  private Signal take() throws IOException, InterruptedException {
    Signal signal = signals.poll(silence.toMillis(), TimeUnit.MILLISECONDS);
    if (signal == null) {
      throw new HttpTimeoutException("nothing came for " + silence.toMillis() / 1000.0 + " s");
    }
    return signal;
  }

  /** Wants no more; the connection is given up if anything is left. */
  @Override
  public void close() {
    for (Signal signal = signals.poll(); signal != null; signal = signals.poll()) {
      if (signal instanceof Subscribed late) {
        subscription = Optional.of(late.subscription());
      }
    }
    subscription.ifPresent(Flow.Subscription::cancel);
    subscription = Optional.empty();
  }
}
