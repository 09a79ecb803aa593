package dev.merlon.model.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.merlon.config.failure.Failure;
import dev.merlon.config.failure.MerlonException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LineFileTest {
  private static final LineFile.Format<Integer> NUMBERS =
      new LineFile.Format<>(String::valueOf, LineFileTest::number);

  @TempDir private Path directory;
  private Path file;
  private LineFile<Integer> numbers;

  @BeforeEach
  void nameFile() {
    file = directory.resolve("made/numbers.jsonl");
    numbers = new LineFile<>(file, NUMBERS, LineFile.Damage.advising("Remove that line."));
  }

  @Test
  void read_noFile_holdsNothing() {
    assertThat(numbers.read()).isEqualTo(new LineFile.Content<>(List.of(), false));
  }

  @Test
  void add_severalEntries_areReadInOrder() {
    numbers.add(3);
    numbers.add(1);
    numbers.add(2);

    assertThat(numbers.read().entries()).containsExactly(3, 1, 2);
    assertThat(numbers.read().torn()).isFalse();
  }

  @Test
  void read_lastLineWithoutItsEnd_isTornAndNoEntry() throws IOException {
    numbers.add(3);
    Files.writeString(file, "3\n14");

    assertThat(numbers.read().entries()).containsExactly(3);
    assertThat(numbers.read().torn()).isTrue();
  }

  @Test
  void add_behindATornLine_cutsItOff() throws IOException {
    numbers.add(3);
    Files.writeString(file, "3\n14");

    numbers.add(5);

    assertThat(file).hasContent("3\n5\n");
  }

  @Test
  void read_damagedLine_namesFileAndLineAndAdvice() throws IOException {
    numbers.add(1);
    Files.writeString(file, "1\ntwo\n3\n");

    assertThatThrownBy(numbers::read)
        .isInstanceOf(MerlonException.class)
        .hasMessage("Line 2 of " + file + " is damaged: it is no number")
        .extracting(thrown -> ((MerlonException) thrown).failure().remedy())
        .isEqualTo("Remove that line.");
  }

  @Test
  void read_bytesThatAreNoText_areDamage() throws IOException {
    numbers.add(1);
    Files.write(file, new byte[] {'1', '\n', (byte) 0xff, '\n'});

    assertThatThrownBy(numbers::read).hasMessageContaining("Line 2 of " + file);
  }

  @Test
  void add_folderThatIsAFile_saysWhatCannotBeWritten() throws IOException {
    Files.writeString(directory.resolve("made"), "in the way");

    assertThatThrownBy(() -> numbers.add(1)).hasMessageContaining(file + " cannot be written");
  }

  private static int number(String line) {
    try {
      return Integer.parseInt(line);
    } catch (NumberFormatException none) {
      throw new MerlonException(new Failure.Data("it is no number", ""), none);
    }
  }
}
