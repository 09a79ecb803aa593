package dev.merlon.model.data.fetch;

import dev.merlon.config.failure.Failure;
import dev.merlon.config.failure.MerlonException;
import dev.merlon.model.data.fetch.FetchReport.Fetched;
import dev.merlon.model.data.fetch.Transport.MirrorRefused;
import dev.merlon.model.data.fetch.Transport.Reply;
import dev.merlon.proto.Digests;
import java.io.IOException;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedByInterruptException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.LongConsumer;

/**
 * One file on its way: from the first mirror that gives all of it, going on where an earlier
 * attempt broke off, into {@code NAME.part}, and to its name once its digest is right. Bytes of
 * several mirrors may meet in one file, since length and digest say whether they belong together.
 */
final class Download {
  private static final int ENOUGH = 100;

  private final PublishedFile file;
  private final Path target;
  private final Transport transport;
  private final Patience patience;
  private final FetchListener listener;
  private final LongConsumer arrived;
  private final List<String> problems = new ArrayList<>();
  private Optional<String> wrongDigest = Optional.empty();

  /**
   * @param target where the file goes
   * @param arrived told how many bytes of the file are there
   */
  Download(PublishedFile file, Path target, Means means, LongConsumer arrived) {
    this.file = file;
    this.target = target;
    this.transport = means.transport();
    this.patience = means.patience();
    this.listener = means.listener();
    this.arrived = arrived;
  }

  /** What a download works with. */
  record Means(Transport transport, Patience patience, FetchListener listener) {}

  /**
   * Downloads.
   *
   * @param places where the file may lie, in the order to ask
   * @throws MerlonException (network) if no mirror gives the file, (data) if one gives another one,
   *     (configuration, device) if it cannot be written
   * @throws InterruptedException if it was told to stop; {@code NAME.part} stays
   */
  Fetched run(List<URI> places) throws InterruptedException {
    try (PartFile part = PartFile.of(target)) {
      if (part.length() > file.bytes()) {
        part.cutTo(0);
      }
      long kept = part.length();
      for (URI place : places) {
        try {
          boolean whole = fromMirror(place, part, kept > 0);
          return new Fetched(file, Optional.of(place), whole ? 0 : kept);
        } catch (ClosedByInterruptException stopped) {
          throw (InterruptedException)
              new InterruptedException("stopped while reading").initCause(stopped);
        } catch (IOException failed) {
          problems.add(place + ": " + NetworkProblem.words(failed, patience));
          if (problems.size() < places.size()) {
            listener.note(problems.get(problems.size() - 1) + "; trying another place");
          }
          kept = part.length();
        }
      }
    }
    throw failure();
  }

  // Whether everything came from this one mirror.
  private boolean fromMirror(URI place, PartFile part, boolean mixed)
      throws IOException, InterruptedException {
    boolean whole = !mixed;
    while (true) {
      whole |= complete(place, part);
      String digest = Digests.ofFile(part.path());
      if (digest.equals(file.sha256())) {
        part.become(target);
        return whole;
      }
      part.cutTo(0);
      if (whole) {
        wrongDigest =
            Optional.of(
                "SHA-256 of %s is %s, expected %s".formatted(file.name(), digest, file.sha256()));
        throw new MirrorRefused("its SHA-256 is " + digest);
      }
      listener.note(
          "The parts of " + file.name() + " do not belong together; it is downloaded anew");
      whole = true;
    }
  }

  // Brings the part to its full length. Whether it was begun anew for that.
  private boolean complete(URI place, PartFile part) throws IOException, InterruptedException {
    boolean anew = part.length() == 0;
    int failures = 0;
    while (part.length() < file.bytes()) {
      long before = part.length();
      try {
        anew |= transfer(place, part);
      } catch (MirrorRefused refused) {
        throw refused;
      } catch (IOException broken) {
        boolean progress = part.length() - before > file.bytes() / ENOUGH;
        failures = progress ? 1 : failures + 1;
        if (failures >= patience.attempts() || NetworkProblem.isUnknownHost(broken)) {
          throw broken;
        }
        Thread.sleep(patience.pause(failures).toMillis());
      }
    }
    return anew;
  }

  private boolean transfer(URI place, PartFile part) throws IOException, InterruptedException {
    try (Reply reply = transport.open(place, part.length())) {
      requireLength(reply.total());
      boolean anew = reply.from() < part.length();
      if (anew) {
        listener.note(place.getHost() + " cannot go on in the middle and sends everything again");
        part.cutTo(reply.from());
      }
      for (List<ByteBuffer> next = reply.next(); !next.isEmpty(); next = reply.next()) {
        part.append(next);
        if (part.length() > file.bytes()) {
          part.cutTo(0);
          throw new MirrorRefused(
              String.format(Locale.ROOT, "it sends more than %,d bytes", file.bytes()));
        }
        arrived.accept(part.length());
      }
      if (part.length() < file.bytes()) {
        throw new IOException("the connection ended early");
      }
      return anew;
    }
  }

  private void requireLength(OptionalLong total) throws MirrorRefused {
    if (total.isPresent() && total.getAsLong() != file.bytes()) {
      throw new MirrorRefused(
          String.format(
              Locale.ROOT,
              "its file has %,d bytes, expected %,d",
              total.getAsLong(),
              file.bytes()));
    }
  }

  private MerlonException failure() {
    String reasons = String.join("; ", problems);
    return wrongDigest
        .map(
            digest ->
                MerlonException.data(
                    digest + "; it was removed (" + reasons + ")",
                    "Try again later, or name another place with --mirror."))
        .orElseGet(
            () ->
                new MerlonException(
                    new Failure.Network(
                        file.name() + " cannot be downloaded: " + reasons,
                        "Run the same command again later: it goes on where it stopped. Or name"
                            + " another place with --mirror.")));
  }
}
