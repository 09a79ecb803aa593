package dev.merlon.model.verify.vnnlib;

import dev.merlon.config.failure.MerlonException;
import java.io.IOException;
import java.io.Reader;

/**
 * The parentheses and words of an S-expression text, read one after another in constant memory.
 * Comments run from a semicolon to the end of the line. {@code |quoted words|} lose their bars;
 * strings keep their quotes; brackets and what is between them belong to the word before them,
 * without white space. Not thread-safe.
 */
final class Tokens {
  private static final int BUFFER = 1 << 16;
  private static final int LONGEST_WORD = 10_000;
  private static final int END = -1;

  private final Reader reader;
  private final String name;
  private final char[] buffer = new char[BUFFER];
  private int filled;
  private int next;
  private int line = 1;
  private String word = "";

  /** What a token is. */
  enum Kind {
    OPEN,
    CLOSE,
    WORD,
    END
  }

  /**
   * @param name what the text is called in messages
   */
  Tokens(Reader reader, String name) {
    this.reader = reader;
    this.name = name;
  }

  /** Reads the next token. */
  Kind next() throws IOException {
    skipBlank();
    return switch (peek()) {
      case END -> Kind.END;
      case '(' -> taken(Kind.OPEN);
      case ')' -> taken(Kind.CLOSE);
      case '"' -> word("\"" + until('"') + "\"");
      case '|' -> word(until('|'));
      default -> word(plain());
    };
  }

  private Kind taken(Kind kind) throws IOException {
    take();
    return kind;
  }

  private Kind word(String text) {
    word = text;
    return Kind.WORD;
  }

  /** The last word read. */
  String word() {
    return word;
  }

  /** The line that is being read, from 1. */
  int line() {
    return line;
  }

  /** The refusal of this text at the line being read. */
  MerlonException refused(String problem) {
    return refusedAt(line, problem);
  }

  /** The refusal of this text at a line. */
  MerlonException refusedAt(int where, String problem) {
    return Refusal.of(name + ", line " + where + ": " + problem);
  }

  /** What a token says, for messages. */
  String shown(Kind kind) {
    return switch (kind) {
      case OPEN -> "(";
      case CLOSE -> ")";
      case WORD -> Refusal.quoted(word);
      case END -> "the end of the file";
    };
  }

  private void skipBlank() throws IOException {
    while (true) {
      int character = peek();
      if (character == ';') {
        while (peek() != '\n' && peek() != END) {
          take();
        }
      } else if (character == END || !isBlank(character)) {
        return;
      } else {
        take();
      }
    }
  }

  private String plain() throws IOException {
    StringBuilder text = new StringBuilder();
    while (true) {
      int character = peek();
      if (character == '[') {
        brackets(text);
      } else if (character == END || isBlank(character) || "();\"|".indexOf(character) >= 0) {
        return text.toString();
      } else {
        append(text, take());
      }
    }
  }

  private void brackets(StringBuilder text) throws IOException {
    int start = line;
    int character;
    do {
      character = peek();
      if (character == END || character == '(' || character == ')') {
        throw refusedAt(start, "a bracket that is not closed");
      }
      take();
      if (!isBlank(character)) {
        append(text, character);
      }
    } while (character != ']');
  }

  private String until(int quote) throws IOException {
    int start = line;
    StringBuilder text = new StringBuilder();
    take();
    while (peek() != quote) {
      if (peek() == END) {
        throw refusedAt(start, "a quotation that is not closed");
      }
      append(text, take());
    }
    take();
    return text.toString();
  }

  private void append(StringBuilder text, int character) {
    if (text.length() >= LONGEST_WORD) {
      throw refused("a word of more than " + LONGEST_WORD + " characters");
    }
    text.append((char) character);
  }

  private static boolean isBlank(int character) {
    return character <= ' ' || character == '\uFEFF';
  }

  private int peek() throws IOException {
    if (next == filled) {
      next = 0;
      filled = Math.max(0, reader.read(buffer, 0, BUFFER));
      if (filled == 0) {
        return END;
      }
    }
    return buffer[next];
  }

  private int take() throws IOException {
    int character = peek();
    next++;
    if (character == '\n') {
      line++;
    }
    return character;
  }
}
