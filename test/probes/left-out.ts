/** Where the local Kubernetes API knowingly answers otherwise than a real one: the probe, and why that is well. */
const PARSER = 'the words are those of Go’s JSON parser';
const LAST = 'of a field that is there twice JavaScript’s parser takes the last';
const RUNTIME = 'the words are those of one container runtime; others have others';

export const LEFT_OUT: Record<string, string> = {
  'a body that is no JSON is no ConfigMap': PARSER,
  'a body that is no JSON is no VirtualService': PARSER,
  'a body that is no JSON is no MeshChange': PARSER,
  'a page of ConfigMaps with a bad mark': PARSER,
  'a page of VirtualServices with a bad mark': PARSER,
  'a page of MeshChanges with a bad mark': PARSER,
  'a VirtualService with a bad expression': 'the words are those of Go’s parser of expressions',
  'a field of a ConfigMap that is there twice is refused': LAST,
  'a field of a VirtualService that is there twice is refused': LAST,
  'a field of a MeshChange that is there twice is refused': LAST,
  'a program that is not there cannot be started': RUNTIME,
};
