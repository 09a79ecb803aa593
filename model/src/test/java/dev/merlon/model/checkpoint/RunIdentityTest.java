package dev.merlon.model.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.merlon.config.Settings;
import dev.merlon.config.failure.Failure;
import dev.merlon.config.failure.MerlonException;
import java.util.List;
import org.junit.jupiter.api.Test;

class RunIdentityTest {
  private static final RunIdentity BEGUN = new RunIdentity("seed = 1\nepochs = 2\n", "abc", "0.1");

  @Test
  void requireContinues_onlyCodeDiffers_accepts() {
    RunIdentity now = new RunIdentity(BEGUN.settings(), BEGUN.dataDigest(), "0.2");

    assertThatCode(() -> now.requireContinues(BEGUN, RunCursor.START, 1))
        .doesNotThrowAnyException();
  }

  @Test
  void requireContinues_begunBeforeAKeyExisted_acceptsItsDefaultOnly() {
    String now = Settings.load("demo", List.of()).render();
    RunIdentity earlier =
        new RunIdentity(now.replaceAll("averaging \\{[^}]*}\n", ""), "abc", "0.1");
    assertThat(earlier.settings()).isNotEqualTo(now);

    assertThatCode(
            () ->
                new RunIdentity(now, "abc", "0.1")
                    .requireContinues(earlier, new RunCursor(2, 0, 10), 5))
        .doesNotThrowAnyException();
    String averaging = Settings.load("demo", List.of("averaging.from-epoch=2")).render();
    assertThatThrownBy(
            () ->
                new RunIdentity(averaging, "abc", "0.1")
                    .requireContinues(earlier, new RunCursor(2, 0, 10), 5))
        .hasMessageContaining("averaging.from-epoch differs, which changes epoch 2");
  }

  @Test
  void requireContinues_settingDiffers_namesBothValues() {
    RunIdentity now = new RunIdentity("seed = 1\nepochs = 3\n", "abc", "0.1");

    assertThatThrownBy(() -> now.requireContinues(BEGUN, RunCursor.START, 1))
        .hasMessageContaining("'epochs = 2' then, 'epochs = 3' now")
        .extracting(thrown -> ((MerlonException) thrown).failure())
        .isInstanceOf(Failure.Configuration.class);
  }

  @Test
  void requireContinues_settingsEndEarlier_refuses() {
    RunIdentity now = new RunIdentity("seed = 1\n", "abc", "0.1");

    assertThatThrownBy(() -> now.requireContinues(BEGUN, RunCursor.START, 1))
        .hasMessageContaining("epochs = 2");
  }

  @Test
  void requireContinues_dataDiffers_isADataFailure() {
    RunIdentity now = new RunIdentity(BEGUN.settings(), "xyz", "0.1");

    assertThatThrownBy(() -> now.requireContinues(BEGUN, RunCursor.START, 1))
        .extracting(thrown -> ((MerlonException) thrown).failure())
        .isInstanceOf(Failure.Data.class);
  }

  @Test
  void settingsDigest_equalText_isEqual() {
    assertThat(BEGUN.settingsDigest())
        .hasSize(64)
        .isEqualTo(SnapshotFixture.IDENTITY.settingsDigest());
  }
}
