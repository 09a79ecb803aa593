package dev.merlon.model.data.fetch;

import dev.merlon.config.data.DataKind;
import dev.merlon.config.failure.MerlonException;
import dev.merlon.model.data.fetch.FetchListener.Work;
import dev.merlon.model.data.fetch.FetchReport.Fetched;
import dev.merlon.proto.Digests;
import java.io.IOException;
import java.net.ProxySelector;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Brings published data sets onto the disk, so that the readers of {@code dev.merlon.model.data}
 * find them. Files that are there and right are left alone. One fetch at a time; the thread that
 * fetches may be interrupted, and what was downloaded so far stays.
 */
public final class Fetcher {
  private final FetchListener listener;
  private final Patience patience;
  private final Room room;

  /** One that tells the listener how it goes. */
  public Fetcher(FetchListener listener) {
    this(listener, Patience.USUAL, directory -> Files.getFileStore(directory).getUsableSpace());
  }

  Fetcher(FetchListener listener, Patience patience, Room room) {
    this.listener = listener;
    this.patience = patience;
    this.room = room;
  }

  /** Says how many bytes a directory's disk has left. */
  @FunctionalInterface
  interface Room {
    long usable(Path directory) throws IOException;
  }

  /**
   * Fetches a data set.
   *
   * @param directory where it goes; made if it is missing
   * @param mirror the place that holds the files, instead of the known ones; HTTP, HTTPS or file
   * @throws MerlonException (configuration) if the directory cannot be used or the kind cannot be
   *     fetched, (network) if no place gives the files, (data) if one gives others, (device) if the
   *     disk has no room, (cancelled) if this thread was interrupted
   */
  public FetchReport fetch(DataKind kind, Path directory, Optional<URI> mirror) {
    Publication publication = Publications.of(kind);
    return fetch(mirror.map(publication::from).orElse(publication), directory);
  }

  FetchReport fetch(Publication publication, Path directory) {
    try {
      Files.createDirectories(directory);
      return new Order(publication, directory.toRealPath()).run();
    } catch (InterruptedException stopped) {
      throw DiskProblem.stopped(directory, stopped);
    } catch (IOException unwritable) {
      throw DiskProblem.writing(directory, unwritable);
    }
  }

  // One publication on its way to one directory.
  private final class Order {
    private final Publication publication;
    private final Path directory;

    Order(Publication publication, Path directory) {
      this.publication = publication;
      this.directory = directory;
    }

    FetchReport run() throws IOException, InterruptedException {
      Optional<Archive> archive =
          publication
              .archive()
              .map(layout -> new Archive(directory, publication.files().get(0), layout));
      if (archive.isPresent() && archive.get().isUnpacked()) {
        return report(publication.files().stream().map(this::present).toList(), false);
      }
      List<PublishedFile> missing = missing();
      requireRoom(missing);
      List<Fetched> files = new ArrayList<>(download(missing));
      if (archive.isPresent()) {
        unpack(archive.get(), !missing.isEmpty());
      }
      publication.files().stream()
          .filter(file -> !missing.contains(file))
          .map(this::present)
          .forEach(files::add);
      return report(files, archive.isPresent());
    }

    private FetchReport report(List<Fetched> files, boolean unpacked) {
      return new FetchReport(publication.kind(), directory, files, unpacked);
    }

    private Fetched present(PublishedFile file) {
      return new Fetched(file, Optional.empty(), 0);
    }

    private List<PublishedFile> missing() throws IOException {
      List<PublishedFile> missing = new ArrayList<>();
      for (PublishedFile file : publication.files()) {
        Path target = directory.resolve(file.name());
        boolean there = Files.isRegularFile(target);
        boolean right = there && Digests.ofFile(target).equals(file.sha256());
        if (!right) {
          missing.add(file);
        }
        if (there && !right) {
          listener.note(target + " is damaged or another file, and is downloaded anew");
        }
      }
      return missing;
    }

    private void requireRoom(List<PublishedFile> missing) throws IOException {
      long needed = publication.archive().map(ArchiveLayout::diskBytes).orElse(0L);
      for (PublishedFile file : missing) {
        needed += file.bytes() - Math.min(file.bytes(), partLength(file));
      }
      long usable = room.usable(directory);
      if (usable < needed) {
        throw DiskProblem.room(directory, needed, usable);
      }
    }

    private long partLength(PublishedFile file) throws IOException {
      Path part = directory.resolve(file.name() + PartFile.ENDING);
      return Files.isRegularFile(part) ? Files.size(part) : 0;
    }

    private List<Fetched> download(List<PublishedFile> missing)
        throws IOException, InterruptedException {
      if (missing.isEmpty()) {
        return List.of();
      }
      long total = missing.stream().mapToLong(PublishedFile::bytes).sum();
      listener.begin(Work.DOWNLOAD, partLength(missing.get(0)), total);
      List<Fetched> fetched = new ArrayList<>();
      long before = 0;
      for (PublishedFile file : missing) {
        long begun = before;
        Path target = directory.resolve(file.name());
        fetched.add(
            new Download(
                    file, target, means(), arrived -> listener.at(begun + arrived, file.name()))
                .run(places(file)));
        before += file.bytes();
      }
      listener.end();
      return fetched;
    }

    private Download.Means means() {
      boolean files = publication.mirrors().stream().anyMatch(Order::isFile);
      Transport transport =
          files
              ? new FileTransport()
              : new HttpTransport(
                  patience, new EnvironmentProxies(System.getenv(), ProxySelector.getDefault()));
      return new Download.Means(transport, patience, listener);
    }

    private static boolean isFile(URI place) {
      return "file".equalsIgnoreCase(place.getScheme());
    }

    private List<URI> places(PublishedFile file) {
      return publication.mirrors().stream().map(mirror -> mirror.resolve(file.name())).toList();
    }

    private void unpack(Archive archive, boolean downloaded) throws IOException {
      ArchiveLayout layout = publication.archive().orElseThrow();
      listener.begin(Work.UNPACK, 0, layout.files());
      archive.unpack(listener);
      listener.end();
      if (downloaded) {
        Files.delete(directory.resolve(publication.files().get(0).name()));
      }
    }
  }
}
