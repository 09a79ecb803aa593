package dev.merlon.actors.cli.completion;

import dev.merlon.actors.cli.terminal.Sentence;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
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

  @SuppressWarnings("InlineFormatString") // It is a page long.
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

      # What stands before the cursor of the value at hand.
      function __%1$s_value
          string replace -r '^--[a-z-]+=' '' -- (commandline -ct)
      end

      # These words, behind the commas that are there.
      function __%1$s_several
          set -l head (__%1$s_value | string match -r '.*,')
          for word in $argv
              echo "$head$word"
          end
      end

      # These words, and names of folders behind one that ends in a colon.
      function __%1$s_behind
          set -l value (__%1$s_value)
          set -l head (string match -r '^[a-z0-9]+:' -- $value)
          if test -z "$head"
              printf '%%s\\n' $argv
              return
          end
          for folder in (__fish_complete_directories (string replace -- $head '' $value) '')
              echo $head(string split -f 1 \\t -- $folder)
          end
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
    return String.format(Locale.ROOT, PREAMBLE, root.name())
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
  private String values(ArgSpec argument) {
    if (argument.arity().max() == 0) {
      return "";
    }
    boolean option = argument.isOption();
    Completed value = Completed.of(argument);
    String words = String.join(" ", value.words());
    return switch (value.place()) {
      case FOLDERS -> " -x -a '(__fish_complete_directories)'";
      case FOLDERS_BEHIND_COLON -> " -x -a " + quoted(call("behind", words));
      case FILES -> (option ? " -r" : "") + " -F" + choice(words);
      case NOWHERE ->
          (option ? " -x" : "") + choice(value.several() ? call("several", words) : words);
    };
  }

  private String call(String function, String words) {
    return words.isEmpty() ? "" : "(__" + root.name() + "_" + function + " " + words + ")";
  }

  private static String choice(String words) {
    return words.isEmpty() ? "" : " -a " + quoted(words);
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
