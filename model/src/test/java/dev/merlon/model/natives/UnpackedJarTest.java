package dev.merlon.model.natives;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.merlon.config.failure.MerlonException;
import java.io.IOException;
import java.io.OutputStream;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.List;
import java.util.Objects;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class UnpackedJarTest {
  private static final String LIBRARY = "machine/liba.so";

  @TempDir private Path folder;
  private Path natives;
  private Path jar;

  @BeforeEach
  void makeJar() throws IOException {
    natives = Files.createDirectory(folder.resolve("native"));
    jar = Files.createDirectory(folder.resolve("with space ümläut #1 50%41")).resolve("some-1.jar");
    writeJar("first");
  }

  @Test
  void library_firstTime_unpacksItWithItsNeighboursAlone() throws IOException {
    Path library = unpack();

    assertThat(library).hasContent("first").hasFileName("liba.so");
    assertThat(library.resolveSibling("libb.so")).hasContent("beside");
    assertThat(names(library.getParent())).containsExactly("liba.so", "libb.so");
    assertThat(library.getParent().getParent()).isEqualTo(natives);
    assertThat(names(natives))
        .hasSize(2)
        .contains(".lock")
        .noneMatch(UnpackingLock.UNFINISHED::equals);
  }

  @Test
  void library_secondTime_isTheSameFile() throws IOException {
    Object first = key(unpack());

    assertThat(key(unpack())).isEqualTo(first);
  }

  @Test
  void library_otherJarOfTheSameName_liesElsewhere() throws IOException {
    Path first = unpack();
    writeJar("second");

    assertThat(unpack()).isNotEqualTo(first).hasContent("second");
    assertThat(first).hasContent("first");
  }

  @Test
  void library_partOfItIsGone_unpacksAnew() throws IOException {
    Path library = unpack();
    Files.delete(library.resolveSibling("libb.so"));

    assertThat(unpack()).isEqualTo(library).hasContent("first");
    assertThat(library.resolveSibling("libb.so")).hasContent("beside");
  }

  @Test
  void library_partOfItIsCut_unpacksAnew() throws IOException {
    Path library = unpack();
    Files.writeString(library, "cut");

    assertThat(unpack()).isEqualTo(library).hasContent("first");
  }

  @Test
  void library_whatAnUnpackingThatDiedHasLeft_isDeleted() throws IOException {
    Path left = Files.createDirectory(natives.resolve("tmp123"));
    Files.writeString(left.resolve("half.so"), "half");

    unpack();

    assertThat(left).doesNotExist();
  }

  @Test
  void library_noneOfThatName_saysSo() {
    assertThatThrownBy(
            () ->
                UnpackedJar.library(
                    "machine/libmissing.so", UnpackedJarTest.class.getClassLoader(), natives))
        .isInstanceOf(MerlonException.class)
        .hasMessage("No jar on the class path has the native library machine/libmissing.so");
  }

  @Test
  void library_folderThatCannotBeWritten_saysWhereAndWhatToSet() throws IOException {
    Path file = Files.createFile(folder.resolve("file"));

    assertThatThrownBy(() -> unpackInto(file))
        .isInstanceOfSatisfying(
            MerlonException.class,
            thrown -> assertThat(thrown.failure().remedy()).contains("MERLON_HOME"))
        .hasMessageStartingWith("Native libraries cannot be unpacked into " + file + ": ");
  }

  private Path unpack() throws IOException {
    return unpackInto(natives);
  }

  private Path unpackInto(Path place) throws IOException {
    try (URLClassLoader loader = new URLClassLoader(new URL[] {jar.toUri().toURL()}, null)) {
      return UnpackedJar.library(LIBRARY, loader, place);
    }
  }

  private void writeJar(String content) throws IOException {
    try (OutputStream file = Files.newOutputStream(jar);
        JarOutputStream out = new JarOutputStream(file)) {
      add(out, LIBRARY, content);
      add(out, "machine/libb.so", "beside");
      add(out, "other/libc.so", "of another machine");
    }
  }

  private static void add(JarOutputStream out, String name, String content) throws IOException {
    out.putNextEntry(new JarEntry(name));
    out.write(content.getBytes(java.nio.charset.StandardCharsets.UTF_8));
    out.closeEntry();
  }

  private static Object key(Path file) throws IOException {
    return Objects.requireNonNull(
        Files.readAttributes(file, BasicFileAttributes.class).fileKey(), "a file's identity");
  }

  private static List<String> names(Path directory) throws IOException {
    try (Stream<Path> entries = Files.list(directory)) {
      return entries.map(entry -> entry.getFileName().toString()).sorted().toList();
    }
  }
}
