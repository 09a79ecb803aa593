package dev.merlon.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MeantKeyTest {
  private static final Set<String> KEYS = Settings.known().names();

  @ParameterizedTest
  @CsvSource({
    "optimizer.lr, optimizer.learning-rate",
    "lr, optimizer.learning-rate",
    "optimizer.learning_rate, optimizer.learning-rate",
    "bs, batch-size",
    "optimizer.eps, optimizer.epsilon",
    "eps, schedule.eps-train",
    "schedule.epsilon, schedule.eps-train",
    "optimizer.wd, optimizer.l1",
    "optimizer.weight_decay, optimizer.l1",
    "optimizer.grad_clip, optimizer.gradient-clip",
    "network.bn, network.batch-norm",
    "network.arch, network.preset",
    "optimizer.milestones, optimizer.decay-epochs",
    "num_epochs, epochs",
    "objective.lambda, objective.subselection-ratio",
    "optimiser.learning-rate, optimizer.learning-rate",
    "epoch, epochs"
  })
  void of_wordsOfTheField_areTheirKeys(String typed, String meant) {
    assertThat(MeantKey.of(typed, KEYS)).contains(meant);
  }

  @Test
  void of_nothingLikeAKey_isEmpty() {
    assertThat(MeantKey.of("quuxquux", KEYS)).isEmpty();
  }

  @Test
  void otherWords_everyOne_standsForAKeyThatThereIs() {
    assertThat(KEYS).containsAll(MeantKey.OTHER_WORDS.values());
    assertThat(KEYS).doesNotContainAnyElementsOf(MeantKey.OTHER_WORDS.keySet());
  }
}
