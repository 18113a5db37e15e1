# Records what Plug makes of random queries: [query, params] pairs, params null where Plug raises.
#
#     elixir record.exs PLUG_SOURCE 600 queries.json
#
# PLUG_SOURCE is a checkout of elixir-plug/plug; recorded with Plug 1.20.0-dev and Elixir 1.14.0.

[source, count, out] = System.argv()

defmodule Plug.Conn.InvalidQueryError do
  defexception [:message]
end

Code.compile_file(Path.join(source, "lib/plug/conn/utils.ex"))
Code.compile_file(Path.join(source, "lib/plug/conn/query.ex"))

defmodule JSON.Text do
  def value(nil), do: "null"
  def value(text) when is_binary(text), do: [?", for(<<c::utf8 <- text>>, do: escape(c)), ?"]
  def value(list) when is_list(list), do: [?[, Enum.map_intersperse(list, ",", &value/1), ?]]

  # Maps of text keys only: the key nil that Plug leaves where a list became a map is left out.
  def value(map) when is_map(map) do
    pairs = map |> Map.delete(nil) |> Enum.sort()
    [?{, Enum.map_intersperse(pairs, ",", fn {k, v} -> [value(k), ?:, value(v)] end), ?}]
  end

  defp escape(c) when c in [?", ?\\], do: [?\\, c]
  defp escape(c) when c < 32, do: "\\u" <> String.pad_leading(Integer.to_string(c, 16), 4, "0")
  defp escape(c), do: <<c::utf8>>
end

:rand.seed(:exsss, {1, 2, 3})
pick = fn list -> Enum.at(list, :rand.uniform(length(list)) - 1) end
repeat = fn n, make -> Enum.map(1..:rand.uniform(n), fn _ -> make.() end) end

# Few names, so that pairs often contradict each other.
plain = fn ->
  steps = ["", "[]", "[a]", "[b]", "[0]"]
  pair = fn -> [pick.(["x", "x", "y"]), repeat.(3, fn -> pick.(steps) end), "=#{:rand.uniform(9)}"] end
  Enum.intersperse(repeat.(6, pair), "&")
end

# Brackets without order, escapes, bytes that are not UTF-8.
wild = fn ->
  roots = ["x", "y", "x", "", "é", "a+b", "%41", "x%"]
  steps = ["" | ~w([] [] [a] [b] [0] [1] [ ] [[ ]] ][ [a]b %5B %5D)]
  values = ~w(=1 =2 =3 = =a+b =%C3%A9 =1=2 =% =%zz =%C3 =é =%00) ++ [""]
  pair = fn -> [pick.(roots), repeat.(4, fn -> pick.(steps) end), pick.(values)] end
  Enum.intersperse(repeat.(6, pair), pick.(["&", "&", "&&"]))
end

queries =
  for i <- 1..String.to_integer(count), uniq: true do
    IO.iodata_to_binary(if rem(i, 3) == 0, do: wild.(), else: plain.())
  end

pairs =
  for query <- queries do
    params =
      try do
        Plug.Conn.Query.decode(query)
      rescue
        Plug.Conn.InvalidQueryError -> nil
      end

    JSON.Text.value([query, params])
  end

File.write!(out, ["[\n", Enum.intersperse(pairs, ",\n"), "\n]\n"])
