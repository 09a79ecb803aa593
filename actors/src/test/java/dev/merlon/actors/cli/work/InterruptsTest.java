package dev.merlon.actors.cli.work;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class InterruptsTest {
  private final List<ExitCode> ended = new CopyOnWriteArrayList<>();
  private final List<ExitCode> asked = new CopyOnWriteArrayList<>();
  private final AtomicLong now = new AtomicLong();
  private final Interrupts interrupts = new Interrupts(ended::add, now::get);

  @Test
  void raise_commandRunning_asksItToStopOnce() {
    try (var registration = interrupts.during(asked::add)) {
      interrupts.raise(ExitCode.TERMINATED);

      await().until(() -> !asked.isEmpty());
    }
    assertThat(asked).containsExactly(ExitCode.TERMINATED);
    assertThat(ended).isEmpty();
    assertThat(interrupts.raised()).hasValue(ExitCode.TERMINATED);
  }

  @Test
  void raise_again_endsAtOnce() {
    try (var registration = interrupts.during(asked::add)) {
      interrupts.raise(ExitCode.INTERRUPTED);
      now.addAndGet(Interrupts.ECHO.toNanos());
      interrupts.raise(ExitCode.INTERRUPTED);
    }

    assertThat(ended).containsExactly(ExitCode.INTERRUPTED);
  }

  @Test
  void raise_echoOfTheFirst_isIgnored() {
    try (var registration = interrupts.during(asked::add)) {
      interrupts.raise(ExitCode.TERMINATED);
      now.addAndGet(Interrupts.ECHO.toNanos() - 1);
      interrupts.raise(ExitCode.TERMINATED);

      await().until(() -> !asked.isEmpty());
    }

    assertThat(asked).containsExactly(ExitCode.TERMINATED);
    assertThat(ended).isEmpty();
  }

  @Test
  void raise_afterAnInnerCommand_asksTheOuterOne() {
    List<ExitCode> inner = new CopyOnWriteArrayList<>();
    try (var registration = interrupts.during(asked::add)) {
      try (var nested = interrupts.during(inner::add)) {
        assertThat(interrupts.raised()).isEmpty();
      }
      interrupts.raise(ExitCode.INTERRUPTED);

      await().until(() -> !asked.isEmpty());
    }
    assertThat(inner).isEmpty();
    assertThat(ended).isEmpty();
  }

  @Test
  void during_afterARequest_asksAtOnce() {
    List<ExitCode> inner = new CopyOnWriteArrayList<>();
    try (var registration = interrupts.during(asked::add)) {
      interrupts.raise(ExitCode.TERMINATED);
      try (var nested = interrupts.during(inner::add)) {
        await().until(() -> !inner.isEmpty());
      }
    }
    assertThat(inner).containsExactly(ExitCode.TERMINATED);
  }

  @Test
  void raise_nothingRunning_endsAtOnce() {
    try (var registration = interrupts.during(asked::add)) {
      assertThat(interrupts.raised()).isEmpty();
    }

    interrupts.raise(ExitCode.INTERRUPTED);

    assertThat(ended).containsExactly(ExitCode.INTERRUPTED);
    assertThat(asked).isEmpty();
  }
}
