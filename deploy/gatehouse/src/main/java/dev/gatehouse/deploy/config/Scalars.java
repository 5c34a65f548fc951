package dev.gatehouse.deploy.config;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.net.URI;
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
      return Optional.of(URI.create(text));
    } else if (type == Path.class) {
      return Optional.of(Path.of(text));
    } else if (type.isEnum()) {
      return Optional.of(constant(text, type));
    }
    return factory(type).map(factory -> invoke(factory, text));
  }

  private static Object integer(String text) {
    try {
      return Integer.valueOf(text);
    } catch (NumberFormatException e) {
      throw expected("a whole number", text);
    }
  }

  private static Object number(String text) {
    try {
      return Long.valueOf(text);
    } catch (NumberFormatException e) {
      throw expected("a whole number", text);
    }
  }

  private static Object truth(String text) {
    return switch (text) {
      case "true" -> true;
      case "false" -> false;
      default -> throw expected("true or false", text);
    };
  }

  private static Object duration(String text) {
    Matcher matcher = DURATION.matcher(text);
    if (!matcher.matches()) {
      throw expected("a duration such as 500ms, 2s, 1m, 1h or 1d", text);
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
    Object[] constants = type.getEnumConstants();
    return Arrays.stream(constants)
        .filter(constant -> name(constant).equals(text))
        .findFirst()
        .orElseThrow(
            () -> expected("one of " + Arrays.stream(constants).map(Scalars::name).toList(), text));
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

  private static IllegalArgumentException expected(String what, String found) {
    return new IllegalArgumentException("expected %s, found \"%s\"".formatted(what, found));
  }
}
