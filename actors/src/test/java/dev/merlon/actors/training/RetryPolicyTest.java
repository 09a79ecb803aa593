package dev.merlon.actors.training;

import static org.assertj.core.api.Assertions.assertThat;

import dev.merlon.config.failure.Failure;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class RetryPolicyTest {
  private static final Failure DEVICE = new Failure.Device("lost", "look");
  private final RetryPolicy policy =
      new RetryPolicy(
          new PipelineTuning(
              50, 3, Duration.ofSeconds(1), Duration.ofSeconds(3), Duration.ofSeconds(9), 3, 50));

  @Test
  void after_samePlace_waitsLongerAndGivesUp() {
    assertThat(policy.after(DEVICE, 10)).contains(Duration.ofSeconds(1));
    assertThat(policy.after(DEVICE, 10)).contains(Duration.ofSeconds(2));
    assertThat(policy.after(DEVICE, 7)).contains(Duration.ofSeconds(3));
    assertThat(policy.after(DEVICE, 10)).isEmpty();
  }

  @Test
  void after_progressSinceTheLast_countsAnew() {
    policy.after(DEVICE, 10);
    policy.after(DEVICE, 10);

    assertThat(policy.after(DEVICE, 11)).contains(Duration.ofSeconds(1));
  }

  @Test
  void after_whatWouldFailAgain_givesUpAtOnce() {
    assertThat(policy.after(new Failure.Numeric("nan", "lower"), 10)).isEmpty();
    assertThat(policy.after(new Failure.Data("gone", "find"), 10)).isEmpty();
    assertThat(policy.after(new Failure.Configuration("bad", "mend"), 10)).isEmpty();
    assertThat(policy.after(new Failure.ModelFormat("bad", "mend"), 10)).isEmpty();
  }
}
