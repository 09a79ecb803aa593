package dev.merlon.actors.cli.option;

import dev.merlon.config.failure.MerlonException;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine.ITypeConverter;

/** A time as typed: a number and a unit, such as {@code 500ms}, {@code 30s} or {@code 2min}. */
public final class TimeSpan implements ITypeConverter<Duration> {
  private static final Pattern SHAPE =
      Pattern.compile("(\\d{1,9}(?:\\.\\d{1,9})?)\\s*(ms|s|min|m|h|d)");

  @Override
  public Duration convert(String text) {
    return Typed.value(text, TimeSpan::parse);
  }

  /** Reads a time above zero. */
  static Duration parse(String text) {
    Matcher shape = SHAPE.matcher(text.strip());
    if (!shape.matches()) {
      throw malformed(text);
    }
    long millisPerUnit =
        switch (shape.group(2)) {
          case "ms" -> 1;
          case "s" -> 1_000;
          case "h" -> 3_600_000;
          case "d" -> 86_400_000;
          default -> 60_000;
        };
    BigDecimal millis = new BigDecimal(shape.group(1)).multiply(BigDecimal.valueOf(millisPerUnit));
    if (millis.compareTo(BigDecimal.ONE) < 0) {
      throw malformed(text);
    }
    return Duration.ofMillis(millis.longValue());
  }

  private static MerlonException malformed(String text) {
    return MerlonException.configuration(
        "'" + text + "' is no time", "Write a number and a unit, such as 500ms, 30s or 2min.");
  }
}
