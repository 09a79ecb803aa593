package dev.merlon.actors.cli.command;

import dev.merlon.actors.cli.option.Typed;
import dev.merlon.actors.cli.work.CommandContext;
import dev.merlon.actors.cli.work.FetchJob;
import dev.merlon.config.data.DataKind;
import dev.merlon.config.failure.DidYouMean;
import dev.merlon.model.data.fetch.Mirror;
import dev.merlon.model.data.fetch.Publications;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.TypeConversionException;

/** Downloads a published data set. */
@Command(
    name = "fetch",
    sortOptions = false,
    customSynopsis = "merlon data fetch KIND --to DIR [OPTIONS]",
    description = {
      "Download a published data set, check it and unpack it, ready for training. What is there"
          + " already is not downloaded again; a download that broke off goes on where it stopped."
    },
    parameterListHeading = "%nArguments:%n",
    optionListHeading = "%nOptions:%n",
    footer = {
      "",
      "Sizes: mnist 12 MB, cifar10 and cifar100 170 MB each, tinyimagenet 250 MB.",
      "Examples:",
      "  merlon data fetch mnist --to data/mnist",
      "  merlon data fetch cifar10 --to data/cifar10 --mirror https://example.org/data"
    })
public final class FetchCommand implements Callable<Integer> {
  private final CommandContext context;

  @Parameters(
      paramLabel = "KIND",
      converter = KindConverter.class,
      completionCandidates = FetchWords.class,
      description = "mnist, cifar10, cifar100 or tinyimagenet.")
  private DataKind kind = DataKind.MNIST;

  @Option(
      names = "--to",
      paramLabel = "DIR",
      required = true,
      description = "Where the data set goes; made if it is missing.")
  private Path to = Path.of("");

  @Option(
      names = "--mirror",
      paramLabel = "URL",
      converter = MirrorConverter.class,
      description =
          "Take the files from here instead of the known places: an address (http, https or file)"
              + " or directory that holds them under their published names.")
  private Optional<URI> mirror = Optional.empty();

  @Option(names = "--json", description = "Print one JSON object with the files at the end.")
  private boolean json;

  /** The command, run in this process. */
  public FetchCommand(CommandContext context) {
    this.context = context;
  }

  @Override
  public Integer call() {
    return new FetchJob(context).run(new FetchJob.Order(kind, to, mirror, json)).value();
  }

  /** Reads {@code mnist}. */
  static final class KindConverter implements ITypeConverter<DataKind> {
    @Override
    public DataKind convert(String text) {
      List<String> words = Publications.kinds().stream().map(DataKind::word).toList();
      return Publications.kinds().stream()
          .filter(kind -> kind.word().equals(text))
          .findFirst()
          .orElseThrow(
              () ->
                  new TypeConversionException(
                      "'"
                          + text
                          + "' cannot be fetched"
                          + DidYouMean.closest(text, words)
                              .map(word -> ": did you mean " + word + "?")
                              .orElse(": use " + String.join(", ", words))));
    }
  }

  /** Reads an address or a directory. */
  static final class MirrorConverter implements ITypeConverter<URI> {
    @Override
    public URI convert(String text) {
      return Typed.value(text, Mirror::parse);
    }
  }
}
