package dev.merlon.model.data.fetch;

import static org.assertj.core.api.Assertions.assertThat;

import dev.merlon.config.failure.Failure;
import dev.merlon.model.data.fetch.FileServer.Manner;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class ArchiveFetchTest {
  private static final byte[] IMAGES = FetchFixture.content(5_000);
  private static final byte[] NAMES = "cat\ndog\n".getBytes(StandardCharsets.UTF_8);

  @TempDir private Path home;
  private FileServer server;
  private Path directory;
  private final FetchFixture fixture = new FetchFixture();

  @BeforeEach
  void serve() throws IOException {
    server = new FileServer();
    directory = home.resolve("set");
  }

  @AfterEach
  void close() {
    server.close();
  }

  @ParameterizedTest
  @EnumSource(ArchiveFormat.class)
  void fetch_archive_putsTheWantedFilesInPlaceAndDropsTheArchive(ArchiveFormat format)
      throws IOException {
    FetchReport report = fixture.fetch(published(format, good()), directory);

    assertThat(report.unpacked()).isTrue();
    assertThat(directory.resolve("train/cat/1.bin")).hasBinaryContent(IMAGES);
    assertThat(directory.resolve("names.txt")).hasBinaryContent(NAMES);
    try (var files = Files.list(directory)) {
      assertThat(files.map(file -> file.getFileName().toString()))
          .containsExactlyInAnyOrder("train", "names.txt", Receipt.NAME);
    }
  }

  @Test
  void fetch_unpackedBefore_checksAndAsksNobody() {
    Publication publication = published(ArchiveFormat.ZIP, good());
    fixture.fetch(publication, directory);
    int asked = server.requests().size();

    FetchReport again = fixture.fetch(publication, directory);

    assertThat(again.unpacked()).isFalse();
    assertThat(again.files().get(0).from()).isEmpty();
    assertThat(server.requests()).hasSize(asked);
  }

  @Test
  void fetch_unpackedFileWasChanged_isRefusedAndLeftAlone() throws IOException {
    Publication publication = published(ArchiveFormat.TAR_GZ, good());
    fixture.fetch(publication, directory);
    Files.writeString(directory.resolve("names.txt"), "mine");

    Failure failure = fixture.failure(publication, directory);

    assertThat(failure).isInstanceOf(Failure.Configuration.class);
    assertThat(failure.message()).contains("changed or damaged");
    assertThat(directory.resolve("names.txt")).hasContent("mine");
  }

  @Test
  void fetch_filesOfSomebodyElseInTheWay_isRefusedBeforeTheDownload() throws IOException {
    Files.createDirectories(directory);
    Files.writeString(directory.resolve("names.txt"), "mine");

    Failure failure = fixture.failure(published(ArchiveFormat.TAR_GZ, good()), directory);

    assertThat(failure).isInstanceOf(Failure.Configuration.class);
    assertThat(failure.message()).contains("names.txt", "did not come from a fetch");
    assertThat(server.requests()).isEmpty();
  }

  @Test
  void fetch_unpackingThatDidNotEnd_isDoneAnew() throws IOException {
    Publication publication = published(ArchiveFormat.TAR_GZ, good());
    Files.createDirectories(directory.resolve(Archive.STAGING));
    Files.writeString(directory.resolve("names.txt"), "half");
    new Receipt(publication.files().get(0).sha256(), Optional.empty()).put(directory);

    fixture.fetch(publication, directory);

    assertThat(directory.resolve("names.txt")).hasBinaryContent(NAMES);
    assertThat(directory.resolve(Archive.STAGING)).doesNotExist();
  }

  @Test
  void fetch_archiveThere_isUnpackedWithoutADownloadAndKept() throws IOException {
    byte[] archive = good().pack(ArchiveFormat.ZIP);
    Files.createDirectories(directory);
    Files.write(directory.resolve("set.archive"), archive);

    FetchReport report = fixture.fetch(published(ArchiveFormat.ZIP, good()), directory);

    assertThat(report.unpacked()).isTrue();
    assertThat(server.requests()).isEmpty();
    assertThat(directory.resolve("set.archive")).hasBinaryContent(archive);
  }

  @Test
  void fetch_archiveThatBrokeOff_goesOnAndUnpacks() {
    Publication publication = published(ArchiveFormat.TAR_GZ, good());
    server.behaving(Manner.BREAKING, 1);

    fixture.fetch(publication, directory);

    assertThat(directory.resolve("train/cat/1.bin")).hasBinaryContent(IMAGES);
    assertThat(server.requests()).hasSize(2);
  }

  @ParameterizedTest
  @EnumSource(ArchiveFormat.class)
  void fetch_archiveThatClimbsOut_isRefusedAndWritesNothing(ArchiveFormat format) {
    for (String name :
        List.of("../evil", "top/../../evil", "/tmp/merlon-evil", "top/train\\..\\x")) {
      assertRefused(format, good().file(name, NAMES), "outside");
    }
    assertThat(home.resolve("evil")).doesNotExist();
    assertThat(Path.of("/tmp/merlon-evil")).doesNotExist();
  }

  @ParameterizedTest
  @EnumSource(ArchiveFormat.class)
  void fetch_archiveWithALink_isRefused(ArchiveFormat format) {
    assertRefused(format, good().symbolicLink("top/train/link", "/etc/passwd"), "link");
  }

  @Test
  void fetch_archiveWithAHardLink_isRefused() {
    assertRefused(ArchiveFormat.TAR_GZ, good().hardLink("top/train/link", "top/names.txt"), "link");
  }

  @ParameterizedTest
  @EnumSource(ArchiveFormat.class)
  void fetch_archiveThatUnpacksToTooMuch_isRefused(ArchiveFormat format) {
    assertRefused(format, good().file("top/train/zeros", new byte[1_000_000]), "more than");
  }

  @Test
  void fetch_archiveWithTooManyFiles_isRefused() {
    PackedFiles many = good();
    for (int i = 0; i < 10; i++) {
      many.file("top/train/" + i, NAMES);
    }
    assertRefused(ArchiveFormat.TAR_GZ, many, "more than 3 files");
  }

  @Test
  void fetch_archiveWithAFileTwice_isRefused() {
    assertRefused(ArchiveFormat.TAR_GZ, good().file("top/./names.txt", IMAGES), "twice");
  }

  @Test
  void fetch_archiveThatLacksAFile_isRefused() {
    assertRefused(
        ArchiveFormat.ZIP, new PackedFiles().file("top/names.txt", NAMES), "has no top/train");
  }

  private void assertRefused(ArchiveFormat format, PackedFiles archive, String words) {
    Failure failure = fixture.failure(published(format, archive), directory);

    assertThat(failure).isInstanceOf(Failure.Data.class);
    assertThat(failure.message()).contains(words);
    assertThat(directory.resolve("names.txt")).doesNotExist();
    assertThat(directory.resolve(Archive.STAGING)).doesNotExist();
  }

  private static PackedFiles good() {
    return new PackedFiles()
        .file("top/names.txt", NAMES)
        .file("top/train/cat/1.bin", IMAGES)
        .file("./top/train/dog/1.bin", IMAGES)
        .file("top/readme.html", NAMES)
        .file("elsewhere/names.txt", IMAGES);
  }

  private Publication published(ArchiveFormat format, PackedFiles files) {
    byte[] archive = files.pack(format);
    server.with("set.archive", archive);
    var layout = new ArchiveLayout(format, "top", List.of("names.txt", "train"), 3, 20_000);
    return FetchFixture.publication(
        List.of(FetchFixture.published("set.archive", archive)),
        Optional.of(layout),
        server.place());
  }
}
