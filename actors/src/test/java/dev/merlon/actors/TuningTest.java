package dev.merlon.actors;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import akka.actor.typed.ActorSystem;
import akka.actor.typed.javadsl.Behaviors;
import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import dev.merlon.actors.training.TrainingRequest;
import dev.merlon.actors.training.TrainingService;
import dev.merlon.actors.verification.VerificationSettings;
import dev.merlon.config.Settings;
import dev.merlon.config.failure.MerlonException;
import dev.merlon.model.data.EmbeddedDigits;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TuningTest {
  @ParameterizedTest
  @ValueSource(strings = {"abc", "-2"})
  void start_propertyThatIsNoSuchNumber_isRefusedBeforeTheRunBegins(
      String retries, @TempDir Path folder) {
    ActorSystem<Void> system =
        ActorSystem.create(
            Behaviors.empty(), "tuning", with("merlon.pipeline.retries = " + retries));
    try {
      TrainingRequest request =
          new TrainingRequest(
              Settings.load("demo", List.of()), EmbeddedDigits.standard(), folder, false);
      assertThatThrownBy(() -> TrainingService.start(system, request, progress -> {}))
          .isInstanceOf(MerlonException.class)
          .hasMessageContaining("merlon.pipeline.* cannot be used");
      assertThat(folder).isEmptyDirectory();
    } finally {
      system.terminate();
    }
  }

  @Test
  void of_verifyPropertyOutOfRange_namesTheBlock() {
    assertThatThrownBy(() -> VerificationSettings.of(with("merlon.verify.batch = 0")))
        .isInstanceOf(MerlonException.class)
        .hasMessageContaining("merlon.verify.* cannot be used");
  }

  private static Config with(String line) {
    return ConfigFactory.parseString(line).withFallback(ConfigFactory.load()).resolve();
  }
}
