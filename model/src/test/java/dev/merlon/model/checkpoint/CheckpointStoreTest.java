package dev.merlon.model.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.merlon.config.failure.Failure;
import dev.merlon.config.failure.MerlonException;
import dev.merlon.model.training.AverageState;
import dev.merlon.model.training.LearnerState;
import dev.merlon.proto.CheckpointManifest;
import dev.merlon.proto.Digests;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Optional;
import java.util.stream.IntStream;
import org.assertj.core.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CheckpointStoreTest {
  private static final int PREFIX = 8 + 4 + 32;
  private static final TrainingSnapshot OLDER = SnapshotFixture.at(0, 10, 10);
  private static final TrainingSnapshot NEWER = SnapshotFixture.at(1, 3, 23);

  @TempDir private Path directory;

  @Test
  void newest_afterSaving_isEqualInEveryBit() throws IOException {
    CheckpointStore store = store(3);
    Path file = store.save(NEWER);

    CheckpointStore.Recovery recovery = store.newest();

    assertThat(recovery.skipped()).isEmpty();
    assertThat(recovery.found()).contains(new CheckpointStore.Found(file, NEWER));
    TrainingSnapshot read = recovery.found().orElseThrow().snapshot();
    assertThat(read.learner().values().tensors().keySet())
        .containsExactlyElementsOf(NEWER.learner().values().tensors().keySet());
    assertThat(file.getFileName()).hasToString("step-000000023-epoch-0001.merlon");
  }

  @Test
  void newest_directoryMissing_findsNothing() throws IOException {
    CheckpointStore.Recovery recovery = store(1).newest();

    assertThat(recovery.found()).isEmpty();
    assertThat(recovery.skipped()).isEmpty();
  }

  @Test
  void newest_truncatedAnywhere_takesTheOlderAndReportsTheNewer() throws IOException {
    CheckpointStore store = store(3);
    Path good = store.save(OLDER);
    Path file = store.save(NEWER);
    byte[] whole = Files.readAllBytes(file);
    int manifest = PREFIX + lengthOfManifest(whole);
    int[] ends = {
      0,
      1,
      7,
      8,
      11,
      12,
      PREFIX - 1,
      PREFIX,
      PREFIX + 1,
      manifest - 1,
      manifest,
      manifest + 1,
      (manifest + whole.length) / 2,
      whole.length - 1
    };
    for (int end : ends) {
      Files.write(file, Arrays.copyOf(whole, end));

      CheckpointStore.Recovery recovery = store.newest();

      assertThat(recovery.found()).contains(new CheckpointStore.Found(good, OLDER));
      assertThat(recovery.skipped())
          .extracting(CheckpointStore.Skipped::file)
          .containsExactly(file);
    }
  }

  @Test
  void newest_anyByteChanged_isNeverTaken() throws IOException {
    CheckpointStore store = store(3);
    store.save(OLDER);
    Path file = store.save(NEWER);
    byte[] whole = Files.readAllBytes(file);
    for (int at = 0; at < whole.length; at++) {
      byte[] changed = whole.clone();
      changed[at] ^= (byte) (1 << (at % 8));
      Files.write(file, changed);

      assertThat(store.newest().found().orElseThrow().snapshot())
          .as("byte %d changed", at)
          .isEqualTo(OLDER);
    }
  }

  @Test
  void newest_bytesAppended_isNotTaken() throws IOException {
    CheckpointStore store = store(3);
    Path file = store.save(NEWER);
    byte[] whole = Files.readAllBytes(file);
    Files.write(file, Arrays.copyOf(whole, whole.length + 1));

    CheckpointStore.Recovery recovery = store.newest();

    assertThat(recovery.found()).isEmpty();
    assertThat(recovery.skipped()).hasSize(1);
  }

  @Test
  void newest_foreignAndHalfWrittenFiles_areNotCheckpoints() throws IOException {
    CheckpointStore store = store(3);
    Path good = store.save(OLDER);
    byte[] whole = Files.readAllBytes(store.save(NEWER));
    Files.delete(directory.resolve("checkpoints/step-000000023-epoch-0001.merlon"));
    Path folder = directory.resolve("checkpoints");
    Files.write(folder.resolve("step-000000023-epoch-0001.merlon" + AtomicFile.PARTIAL), whole);
    Files.write(folder.resolve("notes.merlon"), whole);
    Path foreign = folder.resolve("step-000000099-epoch-0009.merlon");
    Files.writeString(foreign, "not a checkpoint, but long enough to hold a prefix of one, surely");
    Path folderInDisguise =
        Files.createDirectory(folder.resolve("step-000000100-epoch-0009.merlon"));

    CheckpointStore.Recovery recovery = store.newest();

    assertThat(recovery.found()).contains(new CheckpointStore.Found(good, OLDER));
    assertThat(recovery.skipped())
        .extracting(CheckpointStore.Skipped::file)
        .containsExactly(folderInDisguise, foreign);
  }

  @Test
  void newest_writtenByNewerSchema_isRefusedInOneLine() throws IOException {
    CheckpointStore store = store(3);
    store.save(OLDER);
    Path file = store.save(NEWER);
    Files.write(file, withSchema(Files.readAllBytes(file), CheckpointFormat.SCHEMA_VERSION + 1));

    assertThatThrownBy(store::newest)
        .isInstanceOfSatisfying(
            MerlonException.class,
            refused -> {
              assertThat(refused.failure()).isInstanceOf(Failure.ModelFormat.class);
              assertThat(refused).hasMessageContaining("newer Merlon");
              assertThat(refused.failure().message().lines()).hasSize(1);
            });
  }

  @Test
  void newest_writtenByTheFirstSchema_isReadAsItIs() throws IOException {
    CheckpointStore store = store(3);
    Path file = store.save(NEWER);
    Files.write(file, withSchema(Files.readAllBytes(file), 1));

    assertThat(store.newest().found()).contains(new CheckpointStore.Found(file, NEWER));
  }

  @Test
  void newest_withAnAverage_givesItBackBitForBit() throws IOException {
    LearnerState learner = NEWER.learner();
    AverageState average = new AverageState(3, OLDER.learner().values());
    TrainingSnapshot averaging =
        new TrainingSnapshot(
            NEWER.identity(),
            NEWER.cursor(),
            new LearnerState(learner.values(), learner.optimizer(), Optional.of(average)),
            NEWER.tally(),
            NEWER.metricsBytes(),
            Optional.empty());
    CheckpointStore store = store(3);
    store.save(averaging);

    assertThat(store.newest().found().orElseThrow().snapshot()).isEqualTo(averaging);
  }

  @Test
  void save_moreThanKept_removesTheOldest() throws IOException {
    CheckpointStore store = store(2);
    for (int step = 1; step <= 5; step++) {
      store.save(SnapshotFixture.at(0, step, step));
    }

    assertThat(store.files())
        .extracting(file -> file.getFileName().toString())
        .containsExactly("step-000000004-epoch-0000.merlon", "step-000000005-epoch-0000.merlon");
  }

  @Test
  void save_behindADamagedLaterFile_keepsGoodOnes() throws IOException {
    CheckpointStore store = store(2);
    store.save(OLDER);
    Path damaged = store.save(NEWER);
    Files.write(damaged, new byte[] {1, 2, 3});

    store.save(SnapshotFixture.at(0, 11, 11));

    assertThat(store.files()).hasSize(3);
    assertThat(store.newest().found().orElseThrow().snapshot().cursor().globalStep()).isEqualTo(11);
  }

  @Test
  void save_epochClosedAfterItsLastStep_comesLater() throws IOException {
    CheckpointStore store = store(5);
    store.save(SnapshotFixture.at(1, 0, 10));
    store.save(SnapshotFixture.at(0, 10, 10));

    assertThat(store.newest().found().orElseThrow().snapshot().cursor())
        .isEqualTo(new RunCursor(1, 0, 10));
  }

  @Test
  void save_diskFull_failsAndKeepsWhatWasThere() throws IOException {
    Path full = Path.of("/dev/full");
    Assumptions.assumeThat(Files.exists(full)).as("needs /dev/full").isTrue();
    CheckpointStore store = store(3);
    Path good = store.save(OLDER);
    Files.createSymbolicLink(
        good.resolveSibling("step-000000023-epoch-0001.merlon" + AtomicFile.PARTIAL), full);

    assertThatThrownBy(() -> store.save(NEWER)).isInstanceOf(IOException.class);

    assertThat(store.newest()).isEqualTo(recovered(good, OLDER));
    assertThat(good.resolveSibling("").toFile().list())
        .containsExactly(good.getFileName().toString());
  }

  @Test
  void save_directoryIsAFile_fails() throws IOException {
    Files.writeString(directory.resolve("checkpoints"), "in the way");

    assertThatThrownBy(() -> store(1).save(NEWER)).isInstanceOf(IOException.class);
  }

  private CheckpointStore store(int keep) {
    return new CheckpointStore(directory.resolve("checkpoints"), keep);
  }

  private static CheckpointStore.Recovery recovered(Path file, TrainingSnapshot snapshot) {
    return new CheckpointStore.Recovery(
        Optional.of(new CheckpointStore.Found(file, snapshot)), java.util.List.of());
  }

  private static int lengthOfManifest(byte[] file) {
    return IntStream.range(8, 12).reduce(0, (value, at) -> (value << 8) | (file[at] & 0xff));
  }

  private static byte[] withSchema(byte[] file, int version) throws IOException {
    int length = lengthOfManifest(file);
    byte[] manifest =
        CheckpointManifest.parseFrom(Arrays.copyOfRange(file, PREFIX, PREFIX + length)).toBuilder()
            .setSchemaVersion(version)
            .build()
            .toByteArray();
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    DataOutputStream out = new DataOutputStream(bytes);
    out.write("MERLONCK".getBytes(StandardCharsets.US_ASCII));
    out.writeInt(manifest.length);
    out.write(HexFormat.of().parseHex(Digests.of(manifest)));
    out.write(manifest);
    out.write(file, PREFIX + length, file.length - PREFIX - length);
    return bytes.toByteArray();
  }
}
