package dev.gatehouse.gateway.bounds;

import java.io.IOException;
import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

/** Constants that are marked as bounds, by their classes. */
final class Constants {
  private Constants() {}

  /** Those of everything that was compiled together with this class. */
  static List<Field> besides(Class<?> one) throws IOException, URISyntaxException {
    Path root = Path.of(one.getProtectionDomain().getCodeSource().getLocation().toURI());
    try (Stream<Path> files = Files.walk(root)) {
      return files
          .map(file -> root.relativize(file).toString())
          .filter(name -> name.endsWith(".class") && !name.contains("-info"))
          .map(name -> name.substring(0, name.length() - 6).replace('/', '.'))
          .sorted()
          .flatMap(name -> marked(name))
          .toList();
    }
  }

  private static Stream<Field> marked(String className) {
    try {
      Class<?> type = Class.forName(className, false, Constants.class.getClassLoader());
      return Arrays.stream(type.getDeclaredFields())
          .filter(field -> Modifier.isStatic(field.getModifiers()))
          .filter(field -> field.isAnnotationPresent(Bound.class));
    } catch (ClassNotFoundException e) {
      throw new IllegalStateException(e);
    }
  }

  static Object valueOf(Field constant) throws IllegalAccessException {
    constant.setAccessible(true);
    return constant.get(null);
  }
}
