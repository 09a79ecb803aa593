package dev.merlon.config;

import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigIncludeContext;
import com.typesafe.config.ConfigIncluder;
import com.typesafe.config.ConfigIncluderClasspath;
import com.typesafe.config.ConfigIncluderFile;
import com.typesafe.config.ConfigObject;
import com.typesafe.config.ConfigParseOptions;
import com.typesafe.config.ConfigParseable;
import java.io.File;

/**
 * What {@code include} means in configuration files: what it names has to be there, which HOCON by
 * itself does not ask for, and every preset can be named as {@code classpath("presets/NAME.conf")}.
 */
final class Includes implements ConfigIncluder, ConfigIncluderFile, ConfigIncluderClasspath {
  private static final String FOLDER = "presets/";
  private static final String ENDING = ".conf";

  @Override
  public ConfigIncluder withFallback(ConfigIncluder fallback) {
    return this;
  }

  @Override
  public ConfigObject include(ConfigIncludeContext context, String what) {
    ConfigParseable sibling = context.relativeTo(what);
    return sibling == null
        ? includeFile(context, new File(what))
        : sibling.parse(required(sibling.options()));
  }

  @Override
  public ConfigObject includeFile(ConfigIncludeContext context, File what) {
    return ConfigFactory.parseFile(what, required(context.parseOptions())).root();
  }

  // Presets of the papers' tables have no file of their own.
  @Override
  public ConfigObject includeResources(ConfigIncludeContext context, String what) {
    ClassLoader loader = Includes.class.getClassLoader();
    if (loader.getResource(what) == null && what.startsWith(FOLDER) && what.endsWith(ENDING)) {
      String name = what.substring(FOLDER.length(), what.length() - ENDING.length());
      return Presets.source(name).root();
    }
    return ConfigFactory.parseResources(loader, what, required(context.parseOptions())).root();
  }

  private static ConfigParseOptions required(ConfigParseOptions options) {
    return options.setAllowMissing(false);
  }
}
