package dev.merlon.actors.cli;

import dev.merlon.actors.cli.terminal.Sentence;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import picocli.CommandLine;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;

/**
 * The completion script for fish, from the model of the command line: a {@code complete} line for
 * every command, option and argument, each under the condition that its command is the one typed.
 */
final class FishCompletion {
  private static final int DESCRIPTION = 60;
  private static final String PREAMBLE =
      """
      # Completion of %1$s for fish.

      # Whether the words before the cursor name this command. Words after it are its arguments.
      function __%1$s_at
          set -l words (commandline -opc)
          set -e words[1]
          set -l command
          for word in $words
              string match -q -- '-*' $word; and continue
              contains -- (string join ' ' $command $word) $__%1$s_commands; or break
              set command $command $word
          end
          test "$command" = "$argv"
      end

      complete -c %1$s -e
      complete -c %1$s -f
      """;

  private final CommandSpec root;
  private final List<String> lines = new ArrayList<>();

  FishCompletion(CommandSpec root) {
    this.root = root;
  }

  /** The script, for {@code source} or a file in fish's folder of completions. */
  String script() {
    List<String> paths = new ArrayList<>();
    describe(root, "", paths);
    return PREAMBLE.formatted(root.name())
        + "set -g __%s_commands %s%n"
            .formatted(
                root.name(),
                paths.stream().map(FishCompletion::quoted).collect(Collectors.joining(" ")))
        + String.join("\n", lines);
  }

  private void describe(CommandSpec command, String path, List<String> paths) {
    for (OptionSpec option : command.options()) {
      add(path, names(option) + values(option) + description(option.description()));
    }
    for (PositionalParamSpec positional : command.positionalParameters()) {
      String values = values(positional);
      if (!values.isBlank()) {
        add(path, values.strip() + description(positional.description()));
      }
    }
    for (CommandLine below : command.subcommands().values()) {
      CommandSpec spec = below.getCommandSpec();
      String longer = (path + " " + spec.name()).strip();
      paths.add(longer);
      add(path, "-a " + spec.name() + description(spec.usageMessage().description()));
      describe(spec, longer, paths);
    }
  }

  private void add(String path, String rule) {
    String condition = ("__" + root.name() + "_at " + path).strip();
    lines.add("complete -c %s -n %s %s".formatted(root.name(), quoted(condition), rule));
  }

  private static String names(OptionSpec option) {
    return Arrays.stream(option.names())
        .map(name -> name.startsWith("--") ? "-l " + name.substring(2) : "-s " + name.substring(1))
        .collect(Collectors.joining(" "));
  }

  // What may follow: words, files, folders, or something that only its user knows.
  private static String values(ArgSpec argument) {
    if (argument.arity().max() == 0) {
      return "";
    }
    boolean option = argument.isOption();
    if (isFolder(argument)) {
      return " -x -a '(__fish_complete_directories)'";
    }
    String words = words(argument);
    boolean files = isFile(argument);
    String choice = words.isEmpty() ? "" : " -a " + quoted(words);
    if (files) {
      return (option ? " -r" : "") + " -F" + choice;
    }
    return (option ? " -x" : "") + choice;
  }

  private static String words(ArgSpec argument) {
    List<String> words = new ArrayList<>();
    Iterable<String> candidates = argument.completionCandidates();
    if (candidates != null) {
      candidates.forEach(words::add);
    } else if (argument.typeInfo().isEnum()) {
      words.addAll(argument.typeInfo().getEnumConstantNames());
    }
    return String.join(" ", words);
  }

  private static boolean isFolder(ArgSpec argument) {
    return isOf(argument, Path.class) && argument.paramLabel().endsWith("DIR");
  }

  // A label with a dot or a folder in it stands for the name of a file, whatever the type.
  private static boolean isFile(ArgSpec argument) {
    return isOf(argument, Path.class)
        || isOf(argument, URI.class)
        || argument.paramLabel().matches(".*(FILE|DIR).*");
  }

  private static boolean isOf(ArgSpec argument, Class<?> type) {
    return argument.typeInfo().getType() == type
        || List.of(argument.typeInfo().getAuxiliaryTypes()).contains(type);
  }

  // The first sentence, cut at a word where it is long.
  private static String description(String[] paragraphs) {
    if (paragraphs.length == 0) {
      return "";
    }
    String sentence = Sentence.of(paragraphs[0].split("(?<=[.]) ", 2)[0]);
    String brief = sentence.substring(0, sentence.length() - 1);
    if (brief.length() > DESCRIPTION) {
      brief =
          brief.substring(0, brief.lastIndexOf(' ', DESCRIPTION)).replaceFirst("[,;:]$", "") + "…";
    }
    return " -d " + quoted(brief);
  }

  private static String quoted(String text) {
    return "'" + text.replace("\\", "\\\\").replace("'", "\\'") + "'";
  }
}
