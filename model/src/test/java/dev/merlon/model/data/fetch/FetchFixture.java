package dev.merlon.model.data.fetch;

import dev.merlon.config.data.DataKind;
import dev.merlon.config.failure.Failure;
import dev.merlon.config.failure.MerlonException;
import dev.merlon.proto.Digests;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.assertj.core.api.Assertions;

/** Small publications, and fetches of them with little patience. */
final class FetchFixture implements FetchListener {
  static final String NAME = "images.gz";
  static final byte[] CONTENT = content(100_000);

  private final Fetcher fetcher;
  private final List<String> notes = new ArrayList<>();
  private final List<Long> steps = new ArrayList<>();

  FetchFixture() {
    this(Long.MAX_VALUE);
  }

  /** Where the disk has so much room. */
  FetchFixture(long usable) {
    this(usable, Patience.USUAL.silence());
  }

  /** Where a server may send nothing for so long; others, on a busy machine, may need longer. */
  FetchFixture(Duration silence) {
    this(Long.MAX_VALUE, silence);
  }

  private FetchFixture(long usable, Duration silence) {
    var patience = new Patience(Patience.USUAL.connect(), silence, 3, Duration.ZERO);
    fetcher = new Fetcher(this, patience, directory -> usable);
  }

  static byte[] content(int length) {
    byte[] bytes = new byte[length];
    for (int i = 0; i < length; i++) {
      bytes[i] = (byte) (i * 31 + i / 251);
    }
    return bytes;
  }

  static PublishedFile published(String name, byte[] content) {
    return new PublishedFile(name, content.length, Digests.of(content));
  }

  /** One file as it is, on these mirrors. */
  static Publication plain(URI... mirrors) {
    return publication(List.of(published(NAME, CONTENT)), Optional.empty(), mirrors);
  }

  static Publication publication(
      List<PublishedFile> files, Optional<ArchiveLayout> archive, URI... mirrors) {
    return new Publication(DataKind.MNIST, "a small set", List.of(mirrors), files, archive);
  }

  FetchReport fetch(Publication publication, Path directory) {
    return fetcher.fetch(publication, directory);
  }

  Failure failure(Publication publication, Path directory) {
    MerlonException thrown =
        Assertions.catchThrowableOfType(MerlonException.class, () -> fetch(publication, directory));
    Assertions.assertThat(thrown).isNotNull();
    return thrown.failure();
  }

  List<String> notes() {
    return notes;
  }

  /** The numbers of bytes or files that were told of. */
  List<Long> steps() {
    return steps;
  }

  @Override
  public void begin(Work work, long done, long total) {}

  @Override
  public void at(long done, String name) {
    steps.add(done);
  }

  @Override
  public void end() {}

  @Override
  public void note(String line) {
    notes.add(line);
  }
}
