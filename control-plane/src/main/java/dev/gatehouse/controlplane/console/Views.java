package dev.gatehouse.controlplane.console;

import io.pebbletemplates.pebble.PebbleEngine;
import io.pebbletemplates.pebble.loader.ClasspathLoader;
import io.pebbletemplates.pebble.template.PebbleTemplate;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.time.InstantSource;
import java.util.Locale;
import java.util.Map;

/** The templates of the console. What they are given is escaped as text of HTML. Any thread. */
final class Views {
  private final PebbleEngine engine;

  Views(InstantSource clock) {
    ClasspathLoader loader = new ClasspathLoader(Views.class.getClassLoader());
    loader.setPrefix("console/templates");
    loader.setSuffix(".html");
    this.engine =
        new PebbleEngine.Builder()
            .loader(loader)
            .autoEscaping(true)
            .defaultLocale(Locale.ENGLISH)
            .extension(new Words(clock))
            .build();
  }

  String render(String template, Map<String, Object> model) {
    PebbleTemplate compiled = engine.getTemplate(template);
    StringWriter page = new StringWriter(16 << 10);
    try {
      compiled.evaluate(page, model);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return page.toString();
  }
}
