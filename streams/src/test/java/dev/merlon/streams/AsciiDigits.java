package dev.merlon.streams;

import java.util.Locale;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * Numbers are formatted with ASCII digits, as in the program itself, while a class is tested.
 * Akka's test kit numbers its actors in the user's language, and Akka refuses such names.
 */
final class AsciiDigits implements BeforeAllCallback, AfterAllCallback {
  private final Locale before = Locale.getDefault(Locale.Category.FORMAT);

  @Override
  public void beforeAll(ExtensionContext context) {
    Locale.setDefault(Locale.Category.FORMAT, Locale.ROOT);
  }

  @Override
  public void afterAll(ExtensionContext context) {
    Locale.setDefault(Locale.Category.FORMAT, before);
  }
}
