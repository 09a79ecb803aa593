package dev.merlon.model.data.fetch;

import static dev.merlon.model.data.fetch.FetchFixture.CONTENT;
import static dev.merlon.model.data.fetch.FetchFixture.NAME;
import static dev.merlon.model.data.fetch.FetchFixture.plain;
import static org.assertj.core.api.Assertions.assertThat;

import dev.merlon.config.data.DataKind;
import dev.merlon.config.failure.Failure;
import dev.merlon.config.failure.MerlonException;
import dev.merlon.model.data.fetch.FileServer.Manner;
import dev.merlon.model.data.fetch.FileServer.Request;
import dev.merlon.proto.Digests;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.util.Arrays;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.assertj.core.api.Assertions;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FetcherTest {
  @TempDir private Path home;
  private FileServer server;
  private Path directory;
  private final FetchFixture fixture = new FetchFixture();

  @BeforeEach
  void serve() throws IOException {
    server = new FileServer().with(NAME, CONTENT);
    directory = home.resolve("data").resolve("set");
  }

  @AfterEach
  void close() {
    server.close();
  }

  @Test
  void fetch_nothingThere_downloadsEverythingAndLeavesNothingElse() throws IOException {
    FetchReport report = fixture.fetch(plain(server.place()), directory);

    assertThat(target()).hasBinaryContent(CONTENT);
    assertThat(directory).isDirectoryNotContaining("glob:**.part");
    assertThat(report.files())
        .singleElement()
        .satisfies(file -> assertThat(file.from()).hasValue(server.place().resolve(NAME)));
    assertThat(fixture.steps()).isSorted().endsWith((long) CONTENT.length);
    assertThat(server.requests()).containsExactly(new Request("/" + NAME, "", 0));
  }

  @Test
  void fetch_partOfAnEarlierDownload_asksForTheRestOnly() throws IOException {
    leavePart(Arrays.copyOf(CONTENT, 40_000));

    FetchReport report = fixture.fetch(plain(server.place()), directory);

    assertThat(target()).hasBinaryContent(CONTENT);
    assertThat(server.requests()).containsExactly(new Request("/" + NAME, "bytes=40000-", 40_000));
    assertThat(fixture.steps()).allSatisfy(step -> assertThat(step).isGreaterThan(40_000));
    assertThat(report.files().get(0).kept()).isEqualTo(40_000);
  }

  @Test
  void fetch_serverWithoutRanges_startsAnewAndSaysSo() throws IOException {
    leavePart(Arrays.copyOf(CONTENT, 40_000));
    server.behaving(Manner.WITHOUT_RANGES, 0);

    FetchReport report = fixture.fetch(plain(server.place()), directory);

    assertThat(target()).hasBinaryContent(CONTENT);
    assertThat(fixture.notes()).singleElement().asString().contains("sends everything again");
    assertThat(report.files().get(0).kept()).isZero();
  }

  @Test
  void fetch_partThatIsComplete_asksNobody() throws IOException {
    leavePart(CONTENT);

    fixture.fetch(plain(server.place()), directory);

    assertThat(target()).hasBinaryContent(CONTENT);
    assertThat(server.requests()).isEmpty();
  }

  @Test
  void fetch_partOfAnotherFile_noticesByTheDigestAndStartsAnew() throws IOException {
    leavePart(new byte[40_000]);

    fixture.fetch(plain(server.place()), directory);

    assertThat(target()).hasBinaryContent(CONTENT);
    assertThat(server.requests()).extracting(Request::range).containsExactly("bytes=40000-", "");
  }

  @Test
  void fetch_connectionBreaksTwice_goesOnFromWhereItBroke() throws IOException {
    server.behaving(Manner.BREAKING, 2);

    fixture.fetch(plain(server.place()), directory);

    assertThat(target()).hasBinaryContent(CONTENT);
    assertThat(server.requests())
        .extracting(Request::range)
        .containsExactly("", "bytes=50000-", "bytes=75000-");
  }

  @Test
  void fetch_serverOutOfOrderForAWhile_isAskedAgain() {
    server.behaving(Manner.UNAVAILABLE, 2);

    fixture.fetch(plain(server.place()), directory);

    assertThat(target()).hasBinaryContent(CONTENT);
    assertThat(server.requests()).hasSize(3);
  }

  @Test
  void fetch_serverOutOfOrder_isGivenUpAfterTheAllowedAttempts() {
    server.behaving(Manner.UNAVAILABLE, 100);

    Failure failure = fixture.failure(plain(server.place()), directory);

    assertThat(failure).isInstanceOf(Failure.Network.class);
    assertThat(failure.message()).contains(NAME, "HTTP status 503");
    assertThat(server.requests()).hasSize(3);
  }

  @Test
  void fetch_otherContent_namesBothDigestsAndRemovesTheFile() {
    byte[] other = CONTENT.clone();
    other[77_777] ^= 1;
    server.with(NAME, other);

    Failure failure = fixture.failure(plain(server.place()), directory);

    assertThat(failure).isInstanceOf(Failure.Data.class);
    assertThat(failure.message())
        .contains(NAME, "SHA-256", Digests.of(other), Digests.of(CONTENT), "removed");
    assertThat(directory).isEmptyDirectory();
  }

  @Test
  void fetch_otherLength_isRefusedBeforeAByteIsStored() {
    server.with(NAME, new byte[20]);

    Failure failure = fixture.failure(plain(server.place()), directory);

    assertThat(failure).isInstanceOf(Failure.Network.class);
    assertThat(failure.message()).contains("20 bytes, expected 100,000");
    assertThat(fixture.steps()).isEmpty();
    assertThat(directory).isEmptyDirectory();
  }

  @Test
  void fetch_firstMirrorLacksTheFile_takesTheNextOne() throws IOException {
    try (FileServer empty = new FileServer()) {
      FetchReport report = fixture.fetch(plain(empty.place(), server.place()), directory);

      assertThat(report.files().get(0).from()).hasValue(server.place().resolve(NAME));
      assertThat(empty.requests()).hasSize(1);
    }
    assertThat(target()).hasBinaryContent(CONTENT);
    assertThat(fixture.notes()).singleElement().asString().contains("404", "another place");
  }

  @Test
  void fetch_firstMirrorHasAnotherFile_takesTheNextOne() throws IOException {
    try (FileServer wrong = new FileServer().with(NAME, new byte[CONTENT.length])) {
      fixture.fetch(plain(wrong.place(), server.place()), directory);
    }
    assertThat(target()).hasBinaryContent(CONTENT);
    assertThat(server.requests()).containsExactly(new Request("/" + NAME, "", 0));
  }

  @Test
  void fetch_noMirrorHasTheFile_namesEachWithItsReason() throws IOException {
    try (FileServer empty = new FileServer()) {
      URI other = empty.place().resolve("other/");

      Failure failure = fixture.failure(plain(empty.place(), other), directory);

      assertThat(failure).isInstanceOf(Failure.Network.class);
      assertThat(failure.message())
          .contains(empty.place() + NAME + ": HTTP status 404", other + NAME + ": HTTP status 404");
    }
  }

  @Test
  void fetch_silentServer_isGivenUpAndWhatCameIsKept() throws IOException {
    server.behaving(Manner.SILENT, 0);
    var hasty = new FetchFixture(Duration.ofMillis(300));

    Failure failure = hasty.failure(plain(server.place()), directory);

    assertThat(failure).isInstanceOf(Failure.Network.class);
    assertThat(failure.message()).contains("nothing came for 0.3 s");
    byte[] part = Files.readAllBytes(directory.resolve(NAME + ".part"));
    assertThat(part.length).isGreaterThanOrEqualTo(50_000).isLessThan(CONTENT.length);
    assertThat(part).isEqualTo(Arrays.copyOf(CONTENT, part.length));
  }

  @Test
  void fetch_nobodyListens_saysThatThereIsNoConnection() throws IOException {
    Failure failure = fixture.failure(plain(deadPlace()), directory);

    assertThat(failure).isInstanceOf(Failure.Network.class);
    assertThat(failure.message()).contains(NAME, "no connection");
    assertThat(failure.remedy()).contains("--mirror");
  }

  @Test
  void fetch_unknownHost_saysSo() {
    URI nowhere = URI.create("http://no-such-host.invalid/");

    Failure failure = fixture.failure(plain(nowhere), directory);

    assertThat(failure.message()).contains("the host is unknown");
  }

  @Test
  void fetch_rightFileThere_leavesItAloneAndAsksNobody() throws IOException {
    Files.createDirectories(directory);
    Files.write(target(), CONTENT);
    Files.setLastModifiedTime(target(), FileTime.fromMillis(1_000_000));

    FetchReport report = fixture.fetch(plain(server.place()), directory);

    assertThat(Files.getLastModifiedTime(target()).toMillis()).isEqualTo(1_000_000);
    assertThat(report.files().get(0).from()).isEmpty();
    assertThat(server.requests()).isEmpty();
  }

  @Test
  void fetch_damagedFileThere_replacesItAndSaysSo() throws IOException {
    Files.createDirectories(directory);
    Files.write(target(), Arrays.copyOf(CONTENT, 99_999));

    fixture.fetch(plain(server.place()), directory);

    assertThat(target()).hasBinaryContent(CONTENT);
    assertThat(fixture.notes()).singleElement().asString().contains(NAME, "damaged");
  }

  @Test
  void fetch_interruptedWhileWaiting_isCancelledAndKeepsThePart() throws Exception {
    server.behaving(Manner.SILENT, 0);
    Thread caller = Thread.currentThread();
    CompletableFuture<Void> told = new CompletableFuture<>();
    FetchListener interrupting =
        new FetchListener() {
          @Override
          public void begin(Work work, long done, long total) {}

          @Override
          public void at(long done, String name) {
            caller.interrupt();
            told.complete(null);
          }

          @Override
          public void end() {}

          @Override
          public void note(String line) {}
        };
    var patient = new Fetcher(interrupting, Patience.USUAL, path -> Long.MAX_VALUE);

    MerlonException stopped =
        Assertions.catchThrowableOfType(
            MerlonException.class, () -> patient.fetch(plain(server.place()), directory));

    assertThat(told).isCompleted();
    assertThat(stopped.failure()).isInstanceOf(Failure.Cancelled.class);
    assertThat(Thread.interrupted()).isFalse();
    assertThat(Files.size(directory.resolve(NAME + ".part"))).isPositive();
  }

  @Test
  void fetch_tooLittleRoom_isRefusedBeforeTheDownload() {
    var full = new FetchFixture(99_999);

    Failure failure = full.failure(plain(server.place()), directory);

    assertThat(failure).isInstanceOf(Failure.Device.class);
    assertThat(failure.message()).contains("free disk space");
    assertThat(server.requests()).isEmpty();
  }

  @Test
  void fetch_directoryIsAFile_isAConfigurationFailure() throws IOException {
    Path file = Files.writeString(home.resolve("file"), "x");

    Failure failure = fixture.failure(plain(server.place()), file.resolve("below"));

    assertThat(failure).isInstanceOf(Failure.Configuration.class);
    assertThat(failure.message()).contains(file.toString(), "cannot be written");
  }

  @Test
  void fetch_mirrorIsADirectory_copiesAndGoesOn() throws IOException {
    Path share = Files.createDirectories(home.resolve("a share"));
    Files.write(share.resolve(NAME), CONTENT);
    leavePart(Arrays.copyOf(CONTENT, 10));

    FetchReport report = fixture.fetch(plain(Mirror.parse(share.toString())), directory);

    assertThat(target()).hasBinaryContent(CONTENT);
    assertThat(report.files().get(0).kept()).isEqualTo(10);
  }

  @Test
  void fetch_kindThatIsDrawn_cannotBeFetched() {
    MerlonException refused =
        Assertions.catchThrowableOfType(
            MerlonException.class,
            () -> new Fetcher(fixture).fetch(DataKind.DEMO, directory, Optional.empty()));

    assertThat(refused.failure()).isInstanceOf(Failure.Configuration.class);
    assertThat(refused.failure().remedy()).contains("mnist", "tinyimagenet");
  }

  private Path target() {
    return directory.resolve(NAME);
  }

  private void leavePart(byte[] content) throws IOException {
    Files.createDirectories(directory);
    Files.write(directory.resolve(NAME + ".part"), content);
  }

  private static URI deadPlace() throws IOException {
    try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return URI.create("http://127.0.0.1:" + free.getLocalPort() + "/");
    }
  }
}
