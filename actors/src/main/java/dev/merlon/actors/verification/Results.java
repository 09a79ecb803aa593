package dev.merlon.actors.verification;

import dev.merlon.config.failure.Failure;
import dev.merlon.config.failure.FileReason;
import dev.merlon.config.failure.MerlonException;
import dev.merlon.model.verify.verdict.VerdictFile;
import dev.merlon.model.verify.verdict.VerdictOrigin;
import dev.merlon.model.verify.verdict.VerdictSink;
import dev.merlon.model.verify.verdict.VerdictStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Path;
import java.util.function.Consumer;

/** Where the verdicts of a certification are written. */
public sealed interface Results {
  /**
   * Opens it; the caller closes what it gets.
   *
   * @param origin what the verdicts are about
   * @param notes told what a person should know about what is there
   * @throws MerlonException when it cannot be used
   */
  VerdictSink open(VerdictOrigin origin, Consumer<String> notes);

  /**
   * A results file.
   *
   * @param opening what becomes of verdicts that it holds already
   */
  record File(Path file, VerdictFile.Opening opening) implements Results {
    @Override
    public VerdictSink open(VerdictOrigin origin, Consumer<String> notes) {
      VerdictFile opened = VerdictFile.open(file, origin, opening);
      if (opened.torn()) {
        notes.accept(
            "The last line of "
                + file
                + " was cut off; it is dropped and its question asked again.");
      }
      return opened;
    }
  }

  /**
   * A stream, which holds nothing yet.
   *
   * @param name what it is called in messages
   */
  record Stream(String name, Opener opener) implements Results {
    @Override
    public VerdictSink open(VerdictOrigin origin, Consumer<String> notes) {
      try {
        return new VerdictStream(name, opener.open());
      } catch (IOException unusable) {
        throw new MerlonException(
            new Failure.Configuration(
                "Verdicts cannot be written to " + name + ": " + FileReason.of(unusable),
                "Name another --out."),
            unusable);
      }
    }
  }

  /** Opens a stream, which whoever gets it closes. */
  @FunctionalInterface
  interface Opener {
    /** The stream, open for writing. */
    OutputStream open() throws IOException;
  }
}
