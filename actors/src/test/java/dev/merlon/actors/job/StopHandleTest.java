package dev.merlon.actors.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class StopHandleTest {
  private final StopHandle stop = new StopHandle();
  private final AtomicInteger outer = new AtomicInteger();
  private final AtomicInteger inner = new AtomicInteger();

  @Test
  void request_twice_stopsTheInnermostOnce() {
    try (var all = stop.during(outer::incrementAndGet);
        var part = stop.during(inner::incrementAndGet)) {
      assertThat(stop.requested()).isFalse();
      stop.request();
      stop.request();
      await().untilAsserted(() -> assertThat(inner).hasValue(1));
    }
    assertThat(stop.requested()).isTrue();
    assertThat(outer).hasValue(0);
    assertThat(inner).hasValue(1);
  }

  @Test
  void during_requestedBefore_stopsAtOnce() {
    stop.request();

    try (var part = stop.during(inner::incrementAndGet)) {
      await().untilAsserted(() -> assertThat(inner).hasValue(1));
    }
  }

  @Test
  void request_partIsOver_stopsWhatIsAroundIt() {
    try (var all = stop.during(outer::incrementAndGet)) {
      stop.during(inner::incrementAndGet).close();
      stop.request();
      await().untilAsserted(() -> assertThat(outer).hasValue(1));
    }
    assertThat(inner).hasValue(0);
  }
}
