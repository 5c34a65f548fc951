package dev.gatehouse.deploy.config;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads single values from their text. */
final class Scalars {
  private static final Pattern DURATION = Pattern.compile("(\\d{1,9})(ms|s|m|h|d)");

  private Scalars() {}

  /**
   * Reads a value.
   *
   * @return empty if values of this type are not written as one text
   * @throws IllegalArgumentException if the text is not of the type; says what is expected
   */
  static Optional<Object> read(String text, Class<?> type) {
    if (type == String.class) {
      return Optional.of(text);
    } else if (type == int.class || type == Integer.class) {
      return Optional.of(integer(text));
    } else if (type == long.class || type == Long.class) {
      return Optional.of(number(text));
    } else if (type == boolean.class || type == Boolean.class) {
      return Optional.of(truth(text));
    } else if (type == Duration.class) {
      return Optional.of(duration(text));
    } else if (type == URI.class) {
      return Optional.of(uri(text));
    } else if (type == Path.class) {
      return Optional.of(path(text));
    } else if (type.isEnum()) {
      return Optional.of(constant(text, type));
    }
    return factory(type).map(factory -> invoke(factory, text));
  }

  /** What is to be written for a value of a type. */
  static String expected(Class<?> type) {
    if (type == int.class || type == Integer.class) {
      return "a whole number from " + Integer.MIN_VALUE + " to " + Integer.MAX_VALUE;
    } else if (type == long.class || type == Long.class) {
      return "a whole number";
    } else if (type == boolean.class || type == Boolean.class) {
      return "true or false";
    } else if (type == Duration.class) {
      return "a duration such as 500ms, 2s, 1m, 1h or 1d";
    } else if (type == URI.class) {
      return "a URL";
    } else if (type == Path.class) {
      return "a path";
    } else if (type.isEnum()) {
      return "one of " + Arrays.stream(type.getEnumConstants()).map(Scalars::name).toList();
    }
    return type.isRecord() && factory(type).isEmpty() ? "a group of settings" : "a value";
  }

  private static Object uri(String text) {
    try {
      return new URI(text);
    } catch (URISyntaxException e) {
      throw fault(URI.class, text);
    }
  }

  private static Object path(String text) {
    try {
      return Path.of(text);
    } catch (InvalidPathException e) {
      throw fault(Path.class, text);
    }
  }

  private static Object integer(String text) {
    try {
      return Integer.valueOf(text);
    } catch (NumberFormatException e) {
      throw fault(int.class, text);
    }
  }

  private static Object number(String text) {
    try {
      return Long.valueOf(text);
    } catch (NumberFormatException e) {
      throw fault(long.class, text);
    }
  }

  private static Object truth(String text) {
    return switch (text) {
      case "true" -> true;
      case "false" -> false;
      default -> throw fault(boolean.class, text);
    };
  }

  private static Object duration(String text) {
    Matcher matcher = DURATION.matcher(text);
    if (!matcher.matches()) {
      throw fault(Duration.class, text);
    }
    long amount = Long.parseLong(matcher.group(1));
    return switch (matcher.group(2)) {
      case "ms" -> Duration.ofMillis(amount);
      case "s" -> Duration.ofSeconds(amount);
      case "m" -> Duration.ofMinutes(amount);
      case "h" -> Duration.ofHours(amount);
      default -> Duration.ofDays(amount);
    };
  }

  private static Object constant(String text, Class<?> type) {
    return Arrays.<Object>stream(type.getEnumConstants())
        .filter(constant -> name(constant).equals(text))
        .findFirst()
        .orElseThrow(() -> fault(type, text));
  }

  private static String name(Object constant) {
    return constant.toString().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /**
   * Value types of the contract, such as {@code Hostname}, are made by a static method of(String).
   */
  private static Optional<Method> factory(Class<?> type) {
    return Arrays.stream(type.getMethods())
        .filter(method -> Modifier.isStatic(method.getModifiers()))
        .filter(method -> method.getName().equals("of") || method.getName().equals("parse"))
        .filter(method -> method.getReturnType() == type)
        .filter(method -> Arrays.equals(method.getParameterTypes(), new Class<?>[] {String.class}))
        .findFirst();
  }

  private static Object invoke(Method factory, String text) {
    try {
      return factory.invoke(null, text);
    } catch (InvocationTargetException e) {
      throw new IllegalArgumentException(String.valueOf(e.getTargetException().getMessage()), e);
    } catch (IllegalAccessException e) {
      throw new IllegalStateException("a public method of a public type can be called", e);
    }
  }

  private static IllegalArgumentException fault(Class<?> type, String found) {
    return new IllegalArgumentException(
        "expected %s, found \"%s\"".formatted(expected(type), found));
  }
}
