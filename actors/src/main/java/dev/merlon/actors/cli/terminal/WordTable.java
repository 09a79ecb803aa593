package dev.merlon.actors.cli.terminal;

import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.Help.Ansi.Text;
import picocli.CommandLine.Help.ColorScheme;
import picocli.CommandLine.Help.Column;
import picocli.CommandLine.Help.TextTable;

/**
 * A table whose wrapped columns are broken at spaces alone, so that what people type ({@code
 * linf:8/255}, {@code ibp,crown}) stays in one piece. A no-break space is never broken at and is
 * shown as a space.
 */
public final class WordTable extends TextTable {
  private static final char TIED = '\u00a0';

  private final Ansi ansi;

  /** An empty table of these columns. */
  public WordTable(ColorScheme colors, Column... columns) {
    super(colors, columns);
    this.ansi = colors.ansi();
  }

  /** Lines of text, wrapped to a width; the lines after a break are not indented. */
  public static String lines(ColorScheme colors, int width, String... paragraphs) {
    var table = new WordTable(colors, new Column(width, 0, Column.Overflow.WRAP));
    table.indentWrappedLines = 0;
    for (String paragraph : paragraphs) {
      table.addRowValues(colors.ansi().new Text(paragraph, colors));
    }
    return table.toString();
  }

  /** The same text with its spaces tied: it is never broken. */
  public static String tied(String text) {
    return text.replace(' ', TIED);
  }

  /** The same text with its options tied to their values. */
  public static String tiedOptions(String text) {
    return text.replaceAll("(--[a-z-]+) (?=[A-Z])", "$1" + TIED);
  }

  @Override
  public Cell putValue(int row, int column, Text value) {
    Column shape = columns()[column];
    if (shape.overflow != Column.Overflow.WRAP || value.plainString().isEmpty()) {
      return super.putValue(row, column, value);
    }
    int last = row;
    List<Text> lines = wrapped(value, shape.width - shape.indent);
    for (Text line : lines) {
      while (last >= rowCount()) {
        addEmptyRow();
      }
      super.putValue(last, column, line);
      last++;
    }
    return new Cell(column, last - 1);
  }

  @Override
  public StringBuilder toString(StringBuilder text) {
    int begin = text.length();
    super.toString(text);
    for (int i = begin; i < text.length(); i++) {
      if (text.charAt(i) == TIED) {
        text.setCharAt(i, ' ');
      }
    }
    return text;
  }

  private List<Text> wrapped(Text value, int width) {
    List<Text> lines = new ArrayList<>();
    for (Text line : value.splitLines()) {
      Text rest = line;
      int indent = 0;
      while (indent + rest.plainString().length() > width) {
        int end = breakIn(rest.plainString(), width - indent);
        lines.add(indented(rest.substring(0, end), indent));
        boolean atSpace = rest.plainString().charAt(end) == ' ';
        rest = rest.substring(atSpace ? end + 1 : end);
        indent = indentWrappedLines;
      }
      lines.add(indented(rest, indent));
    }
    return lines;
  }

  // A word that is longer than a line is broken behind a comma, or where the line ends.
  private static int breakIn(String text, int width) {
    int space = text.lastIndexOf(' ', width);
    if (!text.substring(0, Math.max(0, space)).isBlank()) {
      return space;
    }
    int comma = text.lastIndexOf(',', width - 1);
    return comma > 0 ? comma + 1 : width;
  }

  private Text indented(Text text, int indent) {
    return ansi.new Text(" ".repeat(indent)).concat(text);
  }
}
